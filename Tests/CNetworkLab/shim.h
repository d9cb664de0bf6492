// SPDX-License-Identifier: Apache-2.0
//
// CNetworkLab: what the network lab needs of Linux that Swift's Glibc module does not show, because it stands behind
// _GNU_SOURCE or in C macros. Nothing is compiled apart from these inline functions.
#pragma once

#include <time.h>

#include <linux/errqueue.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

extern char **environ;
extern int setns(int fd, int nstype);
extern int memfd_create(const char *name, unsigned int flags);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

enum {
    /// CLONE_NEWNET of <sched.h>.
    network_lab_clone_newnet = 0x40000000,
    /// MFD_CLOEXEC of <sys/mman.h>.
    network_lab_mfd_cloexec = 0x0001,
    network_lab_epoll_in = EPOLLIN,
};

/// The environment of this process, for posix_spawn.
static inline char **network_lab_environment(void) { return environ; }

/// Takes one entry off a socket's error queue: the error, and the beginning of the payload of the packet it is about.
/// Returns the length of that payload, or -1 with errno set (EAGAIN: the queue is empty).
static inline ssize_t network_lab_receive_error(int fd, void *payload, size_t size, struct sock_extended_err *error) {
    char control[512];
    struct iovec vector = {.iov_base = payload, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT);
    if (length < 0) return -1;
    memset(error, 0, sizeof *error);
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        if ((part->cmsg_level == IPPROTO_IP && part->cmsg_type == 11 /* IP_RECVERR */)
            || (part->cmsg_level == IPPROTO_IPV6 && part->cmsg_type == 25 /* IPV6_RECVERR */))
            memcpy(error, CMSG_DATA(part), sizeof *error);
    }
    return length;
}

/// Has the kernel complete checksums of packets before they leave an interface of this thread's network namespace.
/// Returns 0, or -1 with errno set.
static inline int network_lab_complete_checksums(const char *interface) {
    struct ethtool_value value = {.cmd = ETHTOOL_STXCSUM, .data = 0};
    struct ifreq request = {.ifr_data = (void *)&value};
    strncpy(request.ifr_name, interface, sizeof request.ifr_name - 1);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    int result = ioctl(fd, SIOCETHTOOL, &request);
    close(fd);
    return result;
}
