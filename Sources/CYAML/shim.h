// SPDX-License-Identifier: Apache-2.0
// libyaml, which tells a text of YAML as events.
#include <yaml.h>
