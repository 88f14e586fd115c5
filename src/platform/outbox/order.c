/* Entering messages, and what people settle about them, inside somebody's write. */
#include "platform/outbox/outbox_queries.h"
#include "platform/outbox/parts.h"

static const char *const channel_names[OUTBOX_CHANNEL_COUNT] = {"mail", "wecom", "dingtalk",
                                                                "feishu", "copy"};

const char *outbox_channel_name(enum outbox_channel channel)
{
    return channel_names[channel];
}

bool outbox_channel_from_name(struct str name, enum outbox_channel *channel)
{
    for (int i = 0; i < OUTBOX_CHANNEL_COUNT; i++) {
        if (str_equal_c(name, channel_names[i])) {
            *channel = (enum outbox_channel)i;
            return true;
        }
    }
    return false;
}

/* ---- what may be entered ---- */

static enum err fault(struct problem *problem, const char *field, enum err code, int64_t number)
{
    problem_set(problem, code, ERR_INT(number));
    return problem_place(problem, "%s", field);
}

/* Line breaks and tabs only in texts of several lines. */
static bool has_control(struct str text, bool many_lines)
{
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        bool fine = many_lines && (c == '\n' || c == '\r' || c == '\t');
        if ((c < ' ' && !fine) || c == 0x7f)
            return true;
    }
    return false;
}

static enum err text_check(struct str text, const char *field, size_t bytes_max, bool many_lines,
                           struct problem *problem)
{
    if (text.length == 0)
        return fault(problem, field, ERR_FIELD_EMPTY, 0);
    if (text.length > bytes_max)
        return fault(problem, field, ERR_TEXT_TOO_LONG, (int64_t)bytes_max);
    if (!str_is_utf8(text) || has_control(text, many_lines))
        return fault(problem, field, ERR_TEXT_CONTROL, 0);
    return ERR_OK;
}

static enum err address_check(struct str address, struct problem *problem)
{
    if (mail_address_is_valid(address))
        return ERR_OK;
    problem_set(problem, ERR_MAIL_ADDRESS, ERR_TEXT(address));
    return problem_place(problem, "recipient");
}

/* ---- entering ---- */

/* A message as it will be entered. */
struct entry {
    struct str recipient;
    struct str state;
    bool is_due;
    struct str error_code; /* empty: none */
    struct str error_detail;
};

static enum err entry_mail(struct store_write *write, struct arena *arena, int64_t tenant,
                           struct entry *entry, struct problem *problem)
{
    struct outbox_bounce_of_row bounce;
    bool found;
    TRY(address_check(entry->recipient, problem));
    TRY(outbox_bounce_of(write->read, arena, tenant, mail_address_fold(arena, entry->recipient),
                         &bounce, &found, problem));
    if (found) {
        entry->state = STR("bounced");
        entry->is_due = false;
        entry->error_code = str_from_c(err_name(ERR_MAIL_BOUNCED));
        entry->error_detail = bounce.detail;
    }
    return ERR_OK;
}

static enum err entry_robot(struct store_write *write, struct arena *arena, int64_t tenant,
                            const struct outbox_letter *letter, struct entry *entry,
                            struct problem *problem)
{
    struct outbox_robot_name_row robot;
    bool found;
    TRY(outbox_robot_name(write->read, arena, tenant, letter->robot, &robot, &found, problem));
    if (!found || !str_equal_c(robot.channel, channel_names[letter->channel])) {
        problem_set0(problem, ERR_NOT_FOUND);
        return problem_place(problem, "robot");
    }
    entry->recipient = robot.name;
    return ERR_OK;
}

static enum err enter(struct store_write *write, struct arena *arena, int64_t tenant,
                      const struct outbox_letter *letter, int64_t *id, struct problem *problem)
{
    struct entry entry = {.recipient = letter->recipient, .state = STR("waiting"), .is_due = true};
    bool by_robot = letter->channel != OUTBOX_MAIL && letter->channel != OUTBOX_COPY;
    if (letter->channel == OUTBOX_MAIL)
        TRY(entry_mail(write, arena, tenant, &entry, problem));
    else if (letter->channel == OUTBOX_COPY)
        entry.is_due = false;
    else
        TRY(entry_robot(write, arena, tenant, letter, &entry, problem));
    TRY(text_check(entry.recipient, "recipient", OUTBOX_RECIPIENT_BYTES_MAX, false, problem));
    *id = store_id_new(write);
    bool ended = !str_equal_c(entry.state, "waiting");
    bool wrong = entry.error_code.length > 0;
    return outbox_insert(write, tenant, *id, str_from_c(channel_names[letter->channel]),
                         entry.recipient, by_robot ? &letter->robot : NULL, letter->subject,
                         letter->body, letter->language == LANG_ZH ? STR("zh") : STR("en"),
                         entry.state, entry.is_due ? &write->now_ms : NULL,
                         wrong ? &entry.error_code : NULL, wrong ? &entry.error_detail : NULL,
                         write->now_ms, ended ? &write->now_ms : NULL, problem);
}

enum err outbox_enqueue(struct store_write *write, int64_t tenant,
                        const struct outbox_letter *letter, int64_t *id, struct problem *problem)
{
    struct arena arena;
    TRY(text_check(letter->subject, "subject", OUTBOX_SUBJECT_BYTES_MAX, false, problem));
    TRY(text_check(letter->body, "body", OUTBOX_BODY_BYTES_MAX, true, problem));
    arena_init(&arena);
    enum err code = enter(write, &arena, tenant, letter, id, problem);
    arena_clear(&arena);
    return code;
}

/* ---- settling ---- */

enum err outbox_copied(struct store_write *write, int64_t tenant, int64_t id,
                       struct problem *problem)
{
    return outbox_mark_copied(write, tenant, id, write->now_ms, problem);
}

static enum err retry(struct store_write *write, struct arena *arena, int64_t tenant, int64_t id,
                      struct problem *problem)
{
    struct outbox_by_id_row message;
    int64_t cleared;
    TRY(outbox_by_id(write->read, arena, tenant, id, &message, problem));
    TRY(outbox_mark_retried(write, tenant, id, write->now_ms, problem));
    /* Whoever tries again by hand takes the mark away: it would bounce at once. */
    return outbox_bounce_remove(write, tenant, mail_address_fold(arena, message.recipient),
                                &cleared, problem);
}

enum err outbox_retry(struct store_write *write, int64_t tenant, int64_t id,
                      struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = retry(write, &arena, tenant, id, problem);
    arena_clear(&arena);
    return code;
}

enum err outbox_address_mark(struct store_write *write, int64_t tenant, struct str address,
                             struct str detail, struct problem *problem)
{
    struct arena arena;
    TRY(address_check(address, problem));
    TRY(text_check(detail, "detail", OUTBOX_DETAIL_MAX, false, problem));
    arena_init(&arena);
    enum err code = outbox_bounce_put(write, tenant, mail_address_fold(&arena, address), 0, detail,
                                      write->now_ms, problem);
    arena_clear(&arena);
    return code;
}

enum err outbox_address_clear(struct store_write *write, int64_t tenant, struct str address,
                              struct problem *problem)
{
    struct arena arena;
    int64_t cleared = 0;
    arena_init(&arena);
    enum err code =
        outbox_bounce_remove(write, tenant, mail_address_fold(&arena, address), &cleared, problem);
    arena_clear(&arena);
    if (code == ERR_OK && cleared == 0)
        return problem_set0(problem, ERR_STALE);
    return code;
}

enum err outbox_robot_add(struct store_write *write, int64_t tenant,
                          const struct outbox_config *config, enum outbox_channel channel,
                          struct str name, struct str address, struct str secret, int64_t *id,
                          struct problem *problem)
{
    TRY(text_check(name, "name", OUTBOX_RECIPIENT_BYTES_MAX, false, problem));
    if (secret.length > 0)
        TRY(text_check(secret, "secret", OUTBOX_RECIPIENT_BYTES_MAX, false, problem));
    if (address.length > OUTBOX_SUBJECT_BYTES_MAX ||
        !webhook_is_allowed(config, channel, address)) {
        problem_set(problem, ERR_WEBHOOK, ERR_TEXT(webhook_host(address)));
        return problem_place(problem, "address");
    }
    *id = store_id_new(write);
    return outbox_robot_insert(write, tenant, *id, str_from_c(channel_names[channel]), name,
                               address, secret, write->now_ms, problem);
}

void outbox_problem(struct str code, struct str detail, struct problem *problem)
{
    enum err found = ERR_OK;
    if (code.length == 0)
        problem_set0(problem, ERR_OK);
    else if (err_from_name(code, &found))
        problem_set(problem, found, ERR_TEXT(detail));
    else
        problem_set(problem, ERR_INTERNAL, ERR_TEXT(code));
}
