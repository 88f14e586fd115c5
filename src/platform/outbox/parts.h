/* outbox/parts: what the files of the outbox share; nobody else includes it. */
#ifndef PLATFORM_OUTBOX_PARTS_H
#define PLATFORM_OUTBOX_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "core/arena.h"
#include "platform/outbox/outbox.h"

enum { OUTBOX_ATTEMPT_SECONDS_DEFAULT = 60, OUTBOX_DETAIL_MAX = 300 };

struct outbox {
    struct arena arena;
    struct outbox_options options;
    int wake; /* eventfd: something was committed, or the end */
    pthread_t thread;
    bool thread_runs;
    atomic_bool stopping;
};

/* sender.c */
void *outbox_send(void *context);

/* ---- mail.c ---- */

/* An address as RFC 5321 has it, without quotes and comments, in ASCII: it can hold nothing that
 * would be read as another header or command. */
bool mail_address_is_valid(struct str address);
/* In small letters: two spellings of one address are marked together. */
struct str mail_address_fold(struct arena *arena, struct str address);
/* What stands behind the "@". */
struct str mail_address_domain(struct str address);

struct mail {
    struct str from;
    struct str from_name; /* may be empty */
    struct str reply_to;  /* may be empty */
    struct str to;
    struct str subject;
    struct str body;
    struct str language;   /* "zh", "en" */
    struct str message_id; /* with its brackets */
    int64_t date_ms;
};
/* The whole mail: headers as RFC 5322 with encoded words (RFC 2047), the text as quoted-printable,
 * or as base64 when more than a quarter of it is not ASCII. Lines end in CRLF; none has more than
 * 78 bytes but for an address. Nothing of the arguments can end a header: line breaks in them
 * become blanks. */
void mail_write(struct buf *out, const struct mail *mail);

/* ---- robot.c ---- */

struct robot {
    enum outbox_channel channel;
    struct str address;
    struct str secret;
};
/* Where to post what, as the platforms document it (docs/platform.md, section 6, cites them). */
void robot_request(struct arena *arena, const struct robot *robot, struct str text, int64_t now_ms,
                   struct str *address, struct str *body);
/* base64 of HMAC-SHA256: DingTalk signs "MS\nSECRET" with the secret, Feishu nothing with
 * "SECONDS\nSECRET". */
struct str robot_sign_dingtalk(struct arena *arena, int64_t now_ms, struct str secret);
struct str robot_sign_feishu(struct arena *arena, int64_t now_s, struct str secret);

enum sending { SENDING_SENT, SENDING_AGAIN, SENDING_REFUSED, SENDING_BOUNCED };
/* What the platform's answer means; `detail` is for people. */
enum sending robot_answer(struct arena *arena, enum outbox_channel channel, int http_status,
                          struct str answer, struct str *detail);

/* ---- address.c ---- */

/* May a webhook of this channel be posted to the address? */
bool webhook_is_allowed(const struct outbox_config *config, enum outbox_channel channel,
                        struct str address);
/* The host of an address, for messages: never its path, which holds the token. */
struct str webhook_host(struct str address);
/* True for addresses that are not of the public Internet. */
bool address_is_private(const struct sockaddr *address);
bool address_is_loopback(const struct sockaddr *address);

/* ---- post.c ---- */

struct posting {
    const struct outbox *outbox;
    struct arena *arena;
    struct str detail; /* what the other side said, one line, without secrets */
};
enum sending post_mail(struct posting *posting, struct str to, struct str mail);
/* Posts JSON; the answer's status and body (cut). Any other result than SENT: there is no answer.
 */
enum sending post_json(struct posting *posting, struct str address, struct str body, int *status,
                       struct str *answer);
/* What an SMTP server's refusal of a command means. */
enum sending smtp_refusal(const char *verb, int code, struct str line);

#endif
