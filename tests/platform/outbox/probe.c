/* Enters messages, sends and lists them. For outbox_test.py.
 *
 *     probe FOLDER NOW_MS COMMAND...
 *
 * The clock stands at NOW_MS. Commands, one after the other:
 *     mail TO SUBJECT BODY | copy WHO SUBJECT BODY | robot CHANNEL ADDRESS SECRET SUBJECT BODY
 *     retry ID | copied ID | clear ADDRESS      each prints "ok ID" or the name of its error
 *     settle   sends until nothing is due        hang   sends until the input is closed
 *     list     "ID CHANNEL STATE ATTEMPTS NEXT CODE DETAIL" for each message, "-" for nothing
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"
#include "outbox_test_schema.h"
#include "platform/outbox/outbox.h"
#include "platform/outbox/outbox_queries.h"

enum { TENANT = 7, LIST_MAX = 1000, ATTEMPT_SECONDS = 20, HOLD_MS = 80000 };

struct probe {
    struct arena arena;
    struct store *store;
    struct outbox_config config;
    int64_t now_ms;
    struct problem problem;
    char **arguments; /* of the command */
    int64_t id;
};

static int64_t probe_now(void *context)
{
    return ((struct probe *)context)->now_ms;
}

static const char *environment(const char *name)
{
    return getenv(name);
}

static void say(const struct probe *probe, enum err code)
{
    if (code == ERR_OK)
        printf("ok %lld\n", (long long)probe->id);
    else
        printf("%s %s\n", err_name(code), probe->problem.place);
}

static struct str argument(const struct probe *probe, int i)
{
    return str_from_c(probe->arguments[i]);
}

static enum err work_mail(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    const struct outbox_letter letter = {.channel = OUTBOX_MAIL,
                                         .recipient = argument(probe, 0),
                                         .subject = argument(probe, 1),
                                         .body = argument(probe, 2),
                                         .language = LANG_ZH};
    return outbox_enqueue(write, TENANT, &letter, &probe->id, problem);
}

static enum err work_copy(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    const struct outbox_letter letter = {.channel = OUTBOX_COPY,
                                         .recipient = argument(probe, 0),
                                         .subject = argument(probe, 1),
                                         .body = argument(probe, 2),
                                         .language = LANG_EN};
    return outbox_enqueue(write, TENANT, &letter, &probe->id, problem);
}

static enum err work_robot(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    struct outbox_letter letter = {
        .subject = argument(probe, 3), .body = argument(probe, 4), .language = LANG_ZH};
    if (!outbox_channel_from_name(argument(probe, 0), &letter.channel))
        return problem_set0(problem, ERR_NOT_FOUND);
    TRY(outbox_robot_add(write, TENANT, &probe->config, letter.channel, STR("the class"),
                         argument(probe, 1), argument(probe, 2), &letter.robot, problem));
    return outbox_enqueue(write, TENANT, &letter, &probe->id, problem);
}

static enum err work_retry(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    if (!str_to_int64(argument(probe, 0), &probe->id))
        return problem_set0(problem, ERR_NOT_FOUND);
    return outbox_retry(write, TENANT, probe->id, problem);
}

static enum err work_copied(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    if (!str_to_int64(argument(probe, 0), &probe->id))
        return problem_set0(problem, ERR_NOT_FOUND);
    return outbox_copied(write, TENANT, probe->id, problem);
}

static enum err work_clear(struct store_write *write, void *context, struct problem *problem)
{
    struct probe *probe = context;
    return outbox_address_clear(write, TENANT, argument(probe, 0), problem);
}

/* ---- sending and listing ---- */

/* Nothing is due and no attempt is under way: that one holds its message for HOLD_MS, which no
 * pause between attempts is. */
static bool is_settled(struct probe *probe)
{
    struct store_read *read;
    struct outbox_list_row *rows;
    size_t count;
    if (store_read_begin(probe->store, &read, &probe->problem) != ERR_OK)
        return false;
    enum err code = outbox_list(read, &probe->arena, TENANT, STR("waiting"), INT64_MAX, LIST_MAX,
                                &rows, &count, &probe->problem);
    store_read_end(read);
    for (size_t i = 0; code == ERR_OK && i < count; i++) {
        int64_t left = rows[i].next_ms - probe->now_ms;
        if (!rows[i].next_ms_null && (left <= 0 || left == HOLD_MS))
            return false;
    }
    return code == ERR_OK;
}

static void send_on(struct probe *probe, bool hangs)
{
    struct outbox *outbox;
    char byte;
    const struct outbox_options options = {.store = probe->store,
                                           .config = &probe->config,
                                           .now_ms = probe_now,
                                           .now_context = probe,
                                           .attempt_seconds = ATTEMPT_SECONDS};
    if (outbox_start(&options, &outbox, &probe->problem) != ERR_OK)
        exit(1);
    while (hangs && read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    for (int i = 0; !hangs && i < 4000 && !is_settled(probe); i++)
        poll(NULL, 0, 10);
    outbox_stop(outbox);
}

static const char *or_dash(struct str text, bool is_null)
{
    return is_null || text.length == 0 ? "-" : text.text;
}

static enum err list_state(struct probe *probe, struct store_read *read, const char *state)
{
    struct outbox_list_row *rows;
    size_t count;
    TRY(outbox_list(read, &probe->arena, TENANT, str_from_c(state), INT64_MAX, LIST_MAX, &rows,
                    &count, &probe->problem));
    for (size_t i = 0; i < count; i++)
        printf("%lld %s %s %lld %lld %s %s\n", (long long)rows[i].id, rows[i].channel.text,
               rows[i].state.text, (long long)rows[i].attempts,
               rows[i].next_ms_null ? -1LL : (long long)(rows[i].next_ms - probe->now_ms),
               or_dash(rows[i].error_code, rows[i].error_code_null),
               or_dash(rows[i].error_detail, rows[i].error_detail_null));
    return ERR_OK;
}

static void list(struct probe *probe)
{
    static const char *const states[] = {"waiting", "sent", "failed", "bounced", "copied"};
    struct store_read *read;
    if (store_read_begin(probe->store, &read, &probe->problem) != ERR_OK)
        exit(1);
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (list_state(probe, read, states[i]) != ERR_OK)
            exit(1);
    }
    store_read_end(read);
}

static const struct {
    const char *name;
    int arguments;
    store_work *work;
} commands[] = {
    {"mail", 3, work_mail},   {"copy", 3, work_copy},     {"robot", 5, work_robot},
    {"retry", 1, work_retry}, {"copied", 1, work_copied}, {"clear", 1, work_clear},
};

/* How many words the command took. */
static int run(struct probe *probe, char **words, int left)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        if (strcmp(words[0], commands[i].name) != 0 || left <= commands[i].arguments)
            continue;
        probe->arguments = words + 1;
        probe->id = 0;
        say(probe, store_write_now(probe->store, commands[i].work, probe, &probe->problem));
        fflush(stdout);
        return commands[i].arguments + 1;
    }
    if (strcmp(words[0], "list") == 0)
        list(probe);
    else
        send_on(probe, strcmp(words[0], "hang") == 0);
    fflush(stdout);
    return 1;
}

int main(int argc, char **argv)
{
    static struct probe probe;
    if (argc < 3 || !str_to_int64(str_from_c(argv[2]), &probe.now_ms))
        return 2;
    arena_init(&probe.arena);
    const struct store_options options = {.folder = argv[1],
                                          .migrations = outbox_test_migrations,
                                          .migration_count = outbox_test_migration_count,
                                          .readers = 4,
                                          .now_ms = probe_now,
                                          .now_context = &probe};
    struct str file = str_format(&probe.arena, "%s/site.json", argv[1]);
    if (store_open(&options, &probe.store, &probe.problem) != ERR_OK ||
        outbox_config_read(&probe.arena, file.text, environment, &probe.config, &probe.problem) !=
            ERR_OK) {
        fprintf(stderr, "%s at %s\n", err_name(probe.problem.code), probe.problem.place);
        return 1;
    }
    for (int i = 3; i < argc;)
        i += run(&probe, argv + i, argc - i);
    store_close(probe.store);
    arena_clear(&probe.arena);
    return 0;
}
