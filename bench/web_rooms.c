#include "web_rooms.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "app/people/people.h"
#include "load.h"
#include "main/site_schema.h"

static const char password[] = "correct horse battery";

static int64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t monotonic_us(void *context)
{
    (void)context;
    return (int64_t)(load_now() * 1e6);
}

static void log_nowhere(void *context, struct str text)
{
    (void)context;
    (void)text;
}

/* One administrator, and students with names of two characters out of forty each. */
static enum err fill(struct store_write *write, void *context, struct problem *problem)
{
    static char hash[PEOPLE_HASH_MAX];
    struct people_organisation college = {.code = STR("college"),
                                          .kind = STR("college"),
                                          .name_zh = STR("演示学院"),
                                          .name_en = STR("College"),
                                          .zone_minutes = 480,
                                          .invented = true};
    int64_t tenant, id;
    (void)context;
    if (!people_password_hash(STR(password), hash))
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("no hash"));
    TRY(people_organisation_add(write, &college, &tenant, problem));
    for (int i = 0; i < ROOMS_PEOPLE; i++) {
        char number[16];
        char name[32];
        snprintf(number, sizeof(number), "%05d", i);
        snprintf(name, sizeof(name), "\xE5\xBC\xA0\xE4%c%c\xE6%c%c", 0xB8 + i % 7, 0x80 + i % 61,
                 0x80 + i / 61 % 60, 0x80 + i % 59);
        struct people_person person = {.home = tenant,
                                       .number = i == 0 ? STR("admin") : str_from_c(number),
                                       .name = str_from_c(name),
                                       .password_hash = i == 0 ? str_from_c(hash) : STR("")};
        TRY(people_person_add(write, &person, &id, problem));
        TRY(people_role_add(write, tenant, id, i == 0 ? ROLE_ADMINISTRATOR : ROLE_STUDENT,
                            problem));
    }
    return ERR_OK;
}

static const struct people_nav nav[] = {{"People", "/people", PERMISSION_PERSON_LIST},
                                        {NULL, NULL, 0}};
static const struct people_site rooms = {nav, "Sampan"};
static const struct web_table *const tables[] = {&people_routes, NULL};

int rooms_start(const char *folder)
{
    static struct web_site site;
    static struct web_server *server;
    struct problem problem;
    struct web_options options = {.address = "127.0.0.1"};
    struct store_options store_options = {.folder = folder,
                                          .migrations = site_migrations,
                                          .migration_count = site_migration_count,
                                          .readers = 16,
                                          .now_ms = now_ms};
    site = (struct web_site){.tables = tables,
                             .prefix = "",
                             .context = &rooms,
                             .sign_in = "/sign-in",
                             .identify = people_identify,
                             .may = people_may,
                             .log = log_nowhere,
                             .now_ms = now_ms,
                             .monotonic_us = monotonic_us};
    if (store_open(&store_options, &site.store, &problem) != ERR_OK ||
        store_write_now(site.store, fill, NULL, &problem) != ERR_OK ||
        web_site_open(&site, &problem) != ERR_OK ||
        web_start(&options, &site, &server, &problem) != ERR_OK) {
        fprintf(stderr, "%s at %s\n", err_name(problem.code), problem.place);
        return 0;
    }
    return web_port(server);
}

/* One request and its whole answer, on a connection of its own. */
static const char *ask(int port, const char *request)
{
    static char answer[1 << 20];
    size_t length = 0;
    int client = load_connect(port);
    if (send(client, request, strlen(request), MSG_NOSIGNAL) < 0)
        return "";
    for (;;) {
        ssize_t got = recv(client, answer + length, sizeof(answer) - 1 - length, 0);
        if (got <= 0)
            break;
        length += (size_t)got;
    }
    close(client);
    answer[length] = '\0';
    return answer;
}

/* What stands between `before` and `end` in the text. */
static bool cut(const char *text, const char *before, char end, char *out, size_t size)
{
    const char *at = strstr(text, before);
    if (at == NULL)
        return false;
    at += strlen(before);
    size_t length = strcspn(at, (char[]){end, '\0'});
    if (length >= size)
        return false;
    memcpy(out, at, length);
    out[length] = '\0';
    return true;
}

bool rooms_requests(int port, struct str *list, struct str *save)
{
    static char list_text[1024];
    static char save_text[2048];
    char token[128], visit[128], session[128], body[1024], request[4096];
    static const char token_mark[] = "name=\"form_token\" value=\"";
    const char *page =
        ask(port, "GET /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if (!cut(page, token_mark, '"', token, sizeof(token)) ||
        !cut(page, "Set-Cookie: sampan_visit=", ';', visit, sizeof(visit)))
        return false;
    snprintf(body, sizeof(body),
             "form_token=%s&organisation=college&number=admin&password=correct+horse+battery",
             token);
    snprintf(request, sizeof(request),
             "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "
             "sampan_visit=%s\r\nContent-Type: application/x-www-form-urlencoded\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             visit, strlen(body), body);
    if (!cut(ask(port, request), "Set-Cookie: sampan_session=", ';', session, sizeof(session)))
        return false;
    snprintf(request, sizeof(request),
             "GET /account HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
             "Cookie: sampan_session=%s\r\n\r\n",
             session);
    if (!cut(ask(port, request), token_mark, '"', token, sizeof(token)))
        return false;
    snprintf(list_text, sizeof(list_text),
             "GET /people HTTP/1.1\r\nHost: localhost\r\nCookie: sampan_session=%s\r\n\r\n",
             session);
    snprintf(body, sizeof(body), "form_token=%s&name=bench&days=30", token);
    snprintf(save_text, sizeof(save_text),
             "POST /account/tokens HTTP/1.1\r\nHost: localhost\r\nCookie: sampan_session=%s\r\n"
             "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
             session, strlen(body), body);
    *list = str_from_c(list_text);
    *save = str_from_c(save_text);
    return true;
}
