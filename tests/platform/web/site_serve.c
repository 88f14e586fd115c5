/* Serves the tests' site on loopback under a prefix, behind a proxy on loopback: prints its port
 * and the cookie of person 7, ends when its input ends. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "site.h"
#include "stub_store.h"

int main(int count, char **words)
{
    struct web_site site;
    struct web_server *server;
    struct problem problem;
    struct arena arena;
    struct web_options options = {.address = "127.0.0.1"};
    char byte;
    arena_init(&arena);
    site_begin(&site, count > 1 ? words[1] : "");
    site.trusted_proxy = "127.0.0.1";
    if (web_start(&options, &site, &server, &problem) != ERR_OK)
        return 1;
    printf("%d sampan_session=%s\n", web_port(server), site_session(&arena, 7).text);
    fflush(stdout);
    for (;;) {
        ssize_t got = read(STDIN_FILENO, &byte, 1);
        if (got <= 0)
            break;
        web_publish(&site, "notes", STR("news"));
    }
    web_stop(server);
    printf("%d notes, %zu bytes\n", site_seen.adds, site_seen.file_length);
    site_end(&site);
    arena_clear(&arena);
    return 0;
}
