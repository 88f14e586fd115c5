/* The sender: one thread that takes up the message that has been due longest, tries it once, and
 * writes what came of it. It sleeps until a commit or the next due time. */
#include <poll.h>
#include <unistd.h>

#include "platform/outbox/outbox_queries.h"
#include "platform/outbox/parts.h"

enum {
    AGAIN_MS = 1000,      /* after a failed write */
    PAUSE_MS = 20,        /* commits that come faster share a look */
    SLEEP_MS_MAX = 60000, /* the clock may have been set */
    RETRY_MS = 60 * 1000,
    RETRY_MS_MAX = 4 * 3600 * 1000,
    HOLD_SECONDS = 60 /* beyond an attempt's own time: then a killed one is due again */
};

/* One message on its way. */
struct errand {
    struct outbox *outbox;
    struct arena arena;
    int64_t now_ms;
    struct outbox_due_row row;
    enum outbox_channel channel;
    struct str message_id;
    struct robot robot;
    bool robot_found;
    bool found;
    /* What came of it. */
    enum sending result;
    enum err code; /* the error to keep; ERR_OK: none */
    struct str detail;
    bool by_hand;       /* it waits for a person now */
    bool bounces_again; /* the address was marked already */
};

static const struct outbox_config *config(const struct errand *errand)
{
    return errand->outbox->options.config;
}

/* ---- taking up ---- */

static struct str message_id_of(struct errand *errand)
{
    const struct outbox_due_row *row = &errand->row;
    struct str domain = mail_address_domain(config(errand)->mail.from);
    if (!row->message_id_null)
        return row->message_id;
    return str_format(&errand->arena, "<%lld.%lld@%.*s>", (long long)row->id,
                      (long long)row->tenant, (int)domain.length, domain.text);
}

static enum err robot_find(struct errand *errand, struct store_write *write,
                           struct problem *problem)
{
    struct outbox_robot_secrets_row robot;
    errand->robot_found = false;
    if (errand->row.robot_null)
        return ERR_OK;
    TRY(outbox_robot_secrets(write->read, &errand->arena, errand->row.tenant, errand->row.robot,
                             &robot, &errand->robot_found, problem));
    if (errand->robot_found)
        errand->robot = (struct robot){errand->channel, robot.address, robot.secret};
    return ERR_OK;
}

/* An address may have been marked since the message was entered. */
static enum err mark_find(struct errand *errand, struct store_write *write, struct problem *problem)
{
    struct outbox_bounce_of_row bounce;
    struct str address = mail_address_fold(&errand->arena, errand->row.recipient);
    TRY(outbox_bounce_of(write->read, &errand->arena, errand->row.tenant, address, &bounce,
                         &errand->bounces_again, problem));
    if (errand->bounces_again)
        errand->detail = bounce.detail;
    return ERR_OK;
}

static enum err take_up(struct store_write *write, void *context, struct problem *problem)
{
    struct errand *errand = context;
    int seconds = errand->outbox->options.attempt_seconds;
    errand->now_ms = write->now_ms;
    TRY(outbox_due(write->read, &errand->arena, write->now_ms, &errand->row, &errand->found,
                   problem));
    if (!errand->found)
        return ERR_OK;
    if (!outbox_channel_from_name(errand->row.channel, &errand->channel))
        return problem_set0(problem, ERR_STORE);
    TRY(robot_find(errand, write, problem));
    errand->bounces_again = false;
    if (errand->channel == OUTBOX_MAIL) {
        TRY(mark_find(errand, write, problem));
        errand->message_id = message_id_of(errand);
    }
    bool has_id = errand->channel == OUTBOX_MAIL && config(errand)->mail.given;
    int64_t hold = seconds == 0 ? OUTBOX_ATTEMPT_SECONDS_DEFAULT : seconds;
    return outbox_mark_tried(write, errand->row.tenant, errand->row.id, errand->row.turn,
                             write->now_ms + (hold + HOLD_SECONDS) * 1000,
                             has_id ? &errand->message_id : NULL, problem);
}

/* ---- trying ---- */

static void conclude(struct errand *errand, enum sending result, enum err code, struct str detail)
{
    errand->result = result;
    errand->code = code;
    errand->detail = detail;
}

static enum err code_of(enum sending result)
{
    switch (result) {
    case SENDING_SENT:
        return ERR_OK;
    case SENDING_AGAIN:
        return ERR_SEND_AGAIN;
    case SENDING_BOUNCED:
        return ERR_MAIL_BOUNCED;
    default:
        return ERR_SEND_REFUSED;
    }
}

static void try_mail(struct errand *errand)
{
    const struct mail_config *mail = &config(errand)->mail;
    struct posting posting = {.outbox = errand->outbox, .arena = &errand->arena};
    struct buf text;
    errand->by_hand = !mail->given;
    if (!mail->given) {
        conclude(errand, SENDING_AGAIN, ERR_MAIL_NONE, STR(""));
        return;
    }
    if (errand->bounces_again) {
        conclude(errand, SENDING_BOUNCED, ERR_MAIL_BOUNCED, errand->detail);
        return;
    }
    const struct mail written = {.from = mail->from,
                                 .from_name = mail->from_name,
                                 .reply_to = mail->reply_to,
                                 .to = errand->row.recipient,
                                 .subject = errand->row.subject,
                                 .body = errand->row.body,
                                 .language = errand->row.language,
                                 .message_id = errand->message_id,
                                 .date_ms = errand->row.created_ms};
    buf_init(&text);
    mail_write(&text, &written);
    enum sending result = post_mail(&posting, errand->row.recipient, buf_str(&text));
    buf_clear(&text);
    conclude(errand, result, code_of(result), posting.detail);
}

static void try_robot(struct errand *errand)
{
    struct posting posting = {.outbox = errand->outbox, .arena = &errand->arena};
    struct str address;
    struct str body;
    struct str answer;
    int status;
    if (!errand->robot_found) {
        conclude(errand, SENDING_REFUSED, ERR_ROBOT_GONE, STR(""));
        return;
    }
    /* The list of hosts may have become shorter since the robot was entered. */
    if (!webhook_is_allowed(config(errand), errand->channel, errand->robot.address)) {
        conclude(errand, SENDING_REFUSED, ERR_WEBHOOK, webhook_host(errand->robot.address));
        return;
    }
    struct str text =
        str_format(&errand->arena, "%.*s\n%.*s", (int)errand->row.subject.length,
                   errand->row.subject.text, (int)errand->row.body.length, errand->row.body.text);
    robot_request(&errand->arena, &errand->robot, text,
                  errand->outbox->options.now_ms(errand->outbox->options.now_context), &address,
                  &body);
    enum sending result = post_json(&posting, address, body, &status, &answer);
    if (result == SENDING_SENT)
        result = robot_answer(&errand->arena, errand->channel, status, answer, &posting.detail);
    conclude(errand, result, code_of(result), posting.detail);
}

/* ---- what came of it ---- */

static int64_t retry_ms(int64_t attempts)
{
    int64_t ms = RETRY_MS;
    for (int64_t i = 1; i < attempts && ms < RETRY_MS_MAX; i++)
        ms *= 2;
    return ms < RETRY_MS_MAX ? ms : RETRY_MS_MAX;
}

static enum err outcome_write(struct store_write *write, void *context, struct problem *problem)
{
    const struct errand *errand = context;
    const struct outbox_due_row *row = &errand->row;
    int64_t attempts = row->attempts + 1;
    int64_t changed;
    int64_t next_ms = write->now_ms + retry_ms(attempts);
    bool again =
        errand->result == SENDING_AGAIN && (attempts < OUTBOX_ATTEMPTS_MAX || errand->by_hand);
    struct str state = errand->result == SENDING_SENT      ? STR("sent")
                       : again                             ? STR("waiting")
                       : errand->result == SENDING_BOUNCED ? STR("bounced")
                                                           : STR("failed");
    enum err code = again || errand->result != SENDING_AGAIN ? errand->code : ERR_SEND_REFUSED;
    struct str name = str_from_c(err_name(code));
    struct str detail = errand->detail;
    detail = str_slice(detail, 0, str_utf8_cut(detail, OUTBOX_DETAIL_MAX));
    if (!str_is_utf8(detail))
        detail = STR("?");
    TRY(outbox_mark_outcome(write, row->tenant, row->id, row->turn + 1, state,
                            again && !errand->by_hand ? &next_ms : NULL,
                            code == ERR_OK ? NULL : &name, code == ERR_OK ? NULL : &detail,
                            again ? NULL : &write->now_ms, &changed, problem));
    if (changed == 0 || errand->result != SENDING_BOUNCED || errand->bounces_again)
        return ERR_OK;
    return outbox_address_mark(write, row->tenant, row->recipient, detail, problem);
}

/* Sent is sent: until that is written (the disk may be full), nothing else is begun. */
static void outcome_keep(struct errand *errand)
{
    struct problem problem;
    while (store_write_now(errand->outbox->options.store, outcome_write, errand, &problem) !=
               ERR_OK &&
           !atomic_load(&errand->outbox->stopping))
        poll(NULL, 0, AGAIN_MS);
}

/* ---- the thread ---- */

/* When the next message is due; INT64_MAX: none is. */
static enum err look(struct outbox *outbox, struct arena *arena, int64_t *next_ms,
                     struct problem *problem)
{
    struct store_read *read;
    struct outbox_next_row next;
    TRY(store_read_begin(outbox->options.store, &read, problem));
    enum err code = outbox_next(read, arena, &next, problem);
    store_read_end(read);
    *next_ms = code == ERR_OK && !next.next_ms_null ? next.next_ms : INT64_MAX;
    return code;
}

/* One message, if one is due; how long to sleep. */
static int look_around(struct outbox *outbox)
{
    struct errand errand = {.outbox = outbox};
    struct problem problem;
    int64_t next_ms;
    arena_init(&errand.arena);
    int64_t now_ms = outbox->options.now_ms(outbox->options.now_context);
    enum err code = look(outbox, &errand.arena, &next_ms, &problem);
    if (code == ERR_OK && next_ms <= now_ms) {
        code = store_write_now(outbox->options.store, take_up, &errand, &problem);
        if (code == ERR_OK && errand.found) {
            if (errand.channel == OUTBOX_MAIL)
                try_mail(&errand);
            else
                try_robot(&errand);
            /* Broken off by the end: nothing is known; it is due again when its time has run out.
             */
            if (!atomic_load(&outbox->stopping) || errand.result != SENDING_AGAIN)
                outcome_keep(&errand);
        }
    }
    arena_clear(&errand.arena);
    if (code != ERR_OK)
        return AGAIN_MS;
    if (next_ms <= now_ms)
        return 0;
    return next_ms - now_ms > SLEEP_MS_MAX ? SLEEP_MS_MAX : (int)(next_ms - now_ms);
}

void *outbox_send(void *context)
{
    struct outbox *outbox = context;
    struct pollfd wake = {.fd = outbox->wake, .events = POLLIN};
    while (!atomic_load(&outbox->stopping)) {
        int wait = look_around(outbox);
        if (wait > 0 && poll(&wake, 1, wait) > 0) {
            uint64_t count;
            poll(NULL, 0, PAUSE_MS);
            ssize_t got = read(outbox->wake, &count, sizeof(count));
            (void)got;
        }
    }
    return NULL;
}
