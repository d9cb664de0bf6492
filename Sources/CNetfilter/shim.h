// SPDX-License-Identifier: Apache-2.0
/* libnftnl, libmnl and the kernel's netlink headers as one C module. */
#ifndef FERRULE_CNETFILTER_SHIM_H
#define FERRULE_CNETFILTER_SHIM_H

/* First, so that the kernel headers leave the socket types to the C library. */
#include <netinet/in.h>
#include <sys/socket.h>

#include <sys/syscall.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <libnftnl/batch.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/gen.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <libnftnl/udata.h>
#include <linux/capability.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

/* "ENOENT" for 2 (glibc 2.32), which string.h declares for _GNU_SOURCE alone. */
extern const char *strerrorname_np(int error_number);

/* Makes CAP_NET_ADMIN effective in this thread where it is permitted; the C library has no function for it. */
static inline void ferrule_raise_net_admin(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    if (syscall(SYS_capget, &header, data) != 0) return;
    data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective |=
        data[CAP_TO_INDEX(CAP_NET_ADMIN)].permitted & CAP_TO_MASK(CAP_NET_ADMIN);
    syscall(SYS_capset, &header, data);
}

#endif
