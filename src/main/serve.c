#include "main/serve.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "main/background.h"
#include "main/clock.h"
#include "main/qr.h"
#include "main/site.h"
#include "main/site_schema.h"
#include "platform/store/store.h"

enum { ADDRESS_TEXT_MAX = 64, PREFIX_TEXT_MAX = 64, WAIT_MS = 100 };

static enum err refuse(struct problem *problem, const char *option, const char *value,
                       const char *why)
{
    return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT(option), ERR_CTEXT(value),
                       ERR_KEY(why));
}

/* "127.0.0.1:8080", "[::]:8080", ":8080" (loopback), "8080". */
static enum err listen_read(const char *text, char address[ADDRESS_TEXT_MAX], int *port,
                            struct problem *problem)
{
    struct str all = str_from_c(text);
    size_t colon = all.length;
    int64_t number = 0;
    while (colon > 0 && all.text[colon - 1] != ':')
        colon--;
    struct str host = str_slice(all, 0, colon == 0 ? 0 : colon - 1);
    if (host.length > 2 && host.text[0] == '[' && host.text[host.length - 1] == ']')
        host = str_slice(host, 1, host.length - 2);
    if (colon == 0 || host.length == 0)
        host = STR("127.0.0.1");
    if (host.length >= ADDRESS_TEXT_MAX ||
        !str_to_int64(str_slice(all, colon, all.length), &number) || number < 0 || number > 65535)
        return refuse(problem, "--listen", text, N_("write it as 127.0.0.1:8080"));
    memcpy(address, host.text, host.length);
    address[host.length] = '\0';
    *port = (int)number;
    return ERR_OK;
}

/* "/sampan": segments of a-z, 0-9, '-', '_' and '.', no slash at the end. */
static enum err prefix_check(const char *prefix, struct problem *problem)
{
    struct str text = str_from_c(prefix);
    bool fits = text.length == 0 || (text.text[0] == '/' && text.length < PREFIX_TEXT_MAX &&
                                     text.text[text.length - 1] != '/');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        fits =
            fits && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("-_./", c) != NULL);
        fits = fits && !(i > 0 && c == '/' && text.text[i - 1] == '/');
    }
    return fits ? ERR_OK
                : refuse(problem, "--prefix", prefix, N_("write it as /sampan, in small letters"));
}

static enum err proxy_check(const char *proxy, struct problem *problem)
{
    unsigned char address[16];
    if (proxy == NULL || inet_pton(AF_INET, proxy, address) == 1 ||
        inet_pton(AF_INET6, proxy, address) == 1)
        return ERR_OK;
    return refuse(problem, "--trusted-proxy", proxy, N_("write it as 127.0.0.1"));
}

/* One write a line, so that lines of several threads never mix. */
static void log_line(void *context, struct str line)
{
    struct buf text;
    (void)context;
    buf_init(&text);
    buf_append(&text, line);
    buf_append_byte(&text, '\n');
    ssize_t written = write(STDERR_FILENO, text.text, text.length);
    (void)written; /* a log that cannot be written is no reason to stop serving */
    buf_clear(&text);
}

/* The first IPv4 address at which others in the network find this machine; false: none. */
static bool network_address(char text[INET_ADDRSTRLEN])
{
    struct ifaddrs *list;
    bool found = false;
    if (getifaddrs(&list) != 0)
        return false;
    for (const struct ifaddrs *one = list; one != NULL && !found; one = one->ifa_next) {
        if (one->ifa_addr == NULL || one->ifa_addr->sa_family != AF_INET ||
            (one->ifa_flags & IFF_LOOPBACK) != 0 || (one->ifa_flags & IFF_UP) == 0)
            continue;
        struct sockaddr_in address;
        memcpy(&address, one->ifa_addr, sizeof(address));
        found = inet_ntop(AF_INET, &address.sin_addr, text, INET_ADDRSTRLEN) != NULL;
    }
    freeifaddrs(list);
    return found;
}

static void address_print(const struct cli_call *call, const struct web_site *site,
                          const char *address, int port)
{
    struct buf text;
    bool v6 = strchr(address, ':') != NULL;
    bool any = strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
    bool local = strcmp(address, "127.0.0.1") == 0 || strcmp(address, "::1") == 0;
    buf_init(&text);
    struct buf link;
    char network[INET_ADDRSTRLEN] = "localhost";
    buf_init(&link);
    if (any) {
        network_address(network);
        buf_format(&link, "http://%s:%d%s/", network, port, site->prefix);
    } else
        buf_format(&link, v6 ? "http://[%s]:%d%s/" : "http://%s:%d%s/", address, port,
                   site->prefix);
    text_put(&text, call->lang, N_("Sampan serves at {0}"), ERR_TEXT(buf_str(&link)));
    buf_append_byte(&text, '\n');
    if (!local && site->trusted_proxy == NULL) {
        text_put0(&text, call->lang,
                  N_("This is plain HTTP: fine in a classroom's own network; elsewhere put nginx "
                     "or Caddy with TLS in front (docs/operations.md)."));
        buf_append_byte(&text, '\n');
    }
    if (cli_value(call, "--qr")->given)
        (void)qr_append(&text, buf_str(&link)); /* the address fits */
    fwrite(text.text, 1, text.length, stdout);
    fflush(stdout);
    buf_clear(&link);
    buf_clear(&text);
}

static enum err serve(struct cli_call *call, struct web_site *site,
                      const struct web_options *options, struct problem *problem)
{
    struct web_server *server;
    struct background background;
    TRY(web_site_open(site, problem));
    enum err code = background_start(&background, cli_text(call, "--data"), site, problem);
    if (code != ERR_OK) {
        web_site_close(site);
        return code;
    }
    code = web_start(options, site, &server, problem);
    if (code == ERR_OK) {
        address_print(call, site, options->address, web_port(server));
        while (!interrupt_asked())
            poll(NULL, 0, WAIT_MS);
        web_stop(server);
    }
    background_stop(&background);
    web_site_close(site);
    return code;
}

enum err cli_serve(struct cli_call *call, struct buf *report, struct problem *problem)
{
    char address[ADDRESS_TEXT_MAX];
    struct web_options options = {.address = address};
    const char *listen = cli_text(call, "--listen");
    const char *prefix = cli_text(call, "--prefix");
    struct web_site site = {.prefix = prefix == NULL ? "" : prefix,
                            .trusted_proxy = cli_text(call, "--trusted-proxy"),
                            .log = log_line,
                            .now_ms = clock_now_ms,
                            .monotonic_us = clock_monotonic_us};
    (void)report;
    TRY(listen_read(listen == NULL ? "127.0.0.1:8080" : listen, address, &options.port, problem));
    TRY(prefix_check(site.prefix, problem));
    TRY(proxy_check(site.trusted_proxy, problem));
    site_fill(&site);
    struct store_options store_options = {.folder = cli_text(call, "--data"),
                                          .migrations = site_migrations,
                                          .migration_count = site_migration_count,
                                          .readers = 32,
                                          .now_ms = clock_now_ms};
    TRY(store_open(&store_options, &site.store, problem));
    enum err code = serve(call, &site, &options, problem);
    store_close(site.store);
    return code;
}
