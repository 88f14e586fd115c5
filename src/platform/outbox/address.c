/* Where a webhook may go: the hosts of its platform, and never an address inside. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "platform/outbox/parts.h"

#define HTTPS "https://"
#define LOOPBACK "http://127.0.0.1:"

/* As the platforms document them. */
static const char *const hosts[OUTBOX_CHANNEL_COUNT][3] = {
    [OUTBOX_WECOM] = {"qyapi.weixin.qq.com"},
    [OUTBOX_DINGTALK] = {"oapi.dingtalk.com"},
    [OUTBOX_FEISHU] = {"open.feishu.cn", "open.larksuite.com"},
};

static bool is_visible_ascii(struct str text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] <= ' ' || text.text[i] > '~' || text.text[i] == '\\')
            return false;
    }
    return true;
}

/* Host and port, as far as the path. */
static struct str authority(struct str address)
{
    for (size_t i = 0; i + 3 <= address.length; i++) {
        if (memcmp(address.text + i, "://", 3) != 0)
            continue;
        struct str rest = str_slice(address, i + 3, address.length - i - 3);
        size_t end = 0;
        while (end < rest.length && strchr("/?#", rest.text[end]) == NULL)
            end++;
        return str_slice(rest, 0, end);
    }
    return STR("");
}

struct str webhook_host(struct str address)
{
    struct str all = authority(address);
    size_t user = str_find_byte(all, '@');
    if (user < all.length)
        all = str_slice(all, user + 1, all.length - user - 1);
    return all;
}

static bool is_listed(const struct robot_hosts *more, enum outbox_channel channel, struct str host)
{
    for (size_t i = 0; i < COUNT_OF(hosts[channel]) && hosts[channel][i] != NULL; i++) {
        if (str_equal_ascii_fold(host, str_from_c(hosts[channel][i])))
            return true;
    }
    for (size_t i = 0; i < more->count; i++) {
        if (str_equal_ascii_fold(host, more->hosts[i]))
            return true;
    }
    return false;
}

bool webhook_is_allowed(const struct outbox_config *config, enum outbox_channel channel,
                        struct str address)
{
    const struct robot_hosts *more = channel == OUTBOX_WECOM      ? &config->wecom
                                     : channel == OUTBOX_DINGTALK ? &config->dingtalk
                                     : channel == OUTBOX_FEISHU   ? &config->feishu
                                                                  : NULL;
    struct str host = authority(address); /* a user or a port in it is in no list */
    if (more == NULL || !is_visible_ascii(address) || str_find_byte(address, '#') < address.length)
        return false;
    if (config->allow_loopback && str_starts_with(address, STR(LOOPBACK)) &&
        str_find_byte(host, '@') == host.length)
        return true;
    return str_starts_with(address, STR(HTTPS)) && is_listed(more, channel, host);
}

/* ---- numbers ---- */

static bool v4_is_private(uint32_t a)
{
    /* RFC 6890 and its registry: this network, private, shared, loopback, link-local, protocol,
     * documentation, benchmarks, multicast and reserved. */
    static const struct {
        uint32_t net;
        int bits;
    } nets[] = {
        {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
        {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0a80000, 16}, {0xc6120000, 15},
        {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3},
    };
    for (size_t i = 0; i < COUNT_OF(nets); i++) {
        if ((a >> (32 - nets[i].bits)) == (nets[i].net >> (32 - nets[i].bits)))
            return true;
    }
    return false;
}

static uint32_t v4_at(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Only 2000::/3 is given out, and in it some carry an IPv4 address. */
static bool v6_is_private(const unsigned char a[16])
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    static const unsigned char translated[12] = {0, 0x64, 0xff, 0x9b};
    if (memcmp(a, mapped, 12) == 0 || memcmp(a, translated, 12) == 0)
        return v4_is_private(v4_at(a + 12));
    if ((a[0] & 0xe0) != 0x20)
        return true;
    if (a[0] == 0x20 && a[1] == 0x02) /* 6to4 */
        return v4_is_private(v4_at(a + 2));
    return a[0] == 0x20 && a[1] == 0x01 && a[2] == 0 && a[3] == 0; /* Teredo */
}

bool address_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof(v4));
        return v4_is_private(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof(v6));
        return v6_is_private(v6.sin6_addr.s6_addr);
    }
    return true;
}

bool address_is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in v4;
    if (address->sa_family != AF_INET)
        return false;
    memcpy(&v4, address, sizeof(v4));
    return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
}
