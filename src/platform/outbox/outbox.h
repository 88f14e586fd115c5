/* outbox: everything that leaves after a commit: mail, group robots' messages, text to copy.
 *
 * Purpose  A handler enters a message inside its write; after the COMMIT a thread sends it. A
 *          message that is only to be copied waits for a person, and so does a mail of a site
 * without a mail server: nothing depends on one. Promise  At least once: killed while it sends, the
 * next process sends it again, a mail with the same Message-ID. After 1, 2, 4 ... minutes, at most
 * four hours, twelve attempts; then failed, with what the other side said. An address that a mail
 * server does not know is marked; later mails to it are bounced at once and say so, until somebody
 * clears it. Safety   No line break gets into a header. Webhooks go by https to the hosts of their
 * platform only, never to private addresses, and follow no redirect. Texts, addresses, tokens and
 *          passwords are never logged; a robot's address and secret are in no list.
 * Owns     The tables outbox_message, outbox_bounce, outbox_robot; one thread.
 */
#ifndef PLATFORM_OUTBOX_OUTBOX_H
#define PLATFORM_OUTBOX_OUTBOX_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"
#include "platform/outbox/config.h"
#include "platform/store/store.h"

enum {
    OUTBOX_SUBJECT_BYTES_MAX = 400,
    OUTBOX_BODY_BYTES_MAX = 64 << 10,
    OUTBOX_RECIPIENT_BYTES_MAX = 254, /* of an address: RFC 5321, 4.5.3.1.3 */
    OUTBOX_ATTEMPTS_MAX = 12
};

enum outbox_channel { OUTBOX_MAIL, OUTBOX_WECOM, OUTBOX_DINGTALK, OUTBOX_FEISHU, OUTBOX_COPY };
enum { OUTBOX_CHANNEL_COUNT = OUTBOX_COPY + 1 };
/* "mail", "wecom", ... as the tables have it. */
const char *outbox_channel_name(enum outbox_channel channel);
bool outbox_channel_from_name(struct str name, enum outbox_channel *channel);

struct outbox_letter {
    enum outbox_channel channel; /* of robots: that of the robot */
    struct str recipient;        /* mail: the address; copy: who it is for, in words */
    int64_t robot;               /* of robots: which; else 0 */
    struct str subject;          /* one line */
    struct str body;             /* plain text */
    enum lang language;          /* of subject and body */
};

/* ---- inside a write ---- */

/* Enters a message. ERR_MAIL_ADDRESS, ERR_FIELD_EMPTY, ERR_TEXT_CONTROL, ERR_TEXT_TOO_LONG with the
 * field as place; ERR_NOT_FOUND: no such robot. A mail to a marked address is entered as bounced.
 */
MUST_USE enum err outbox_enqueue(struct store_write *write, int64_t tenant,
                                 const struct outbox_letter *letter, int64_t *id,
                                 struct problem *problem);
/* A person has sent the copied text; ERR_STALE when the message was sent already. */
MUST_USE enum err outbox_copied(struct store_write *write, int64_t tenant, int64_t id,
                                struct problem *problem);
/* Tries again what was given up, came back, or waits for a person; ERR_STALE for the rest. */
MUST_USE enum err outbox_retry(struct store_write *write, int64_t tenant, int64_t id,
                               struct problem *problem);
/* Marks an address by hand (its mails came back later), and takes the mark away. */
MUST_USE enum err outbox_address_mark(struct store_write *write, int64_t tenant, struct str address,
                                      struct str detail, struct problem *problem);
MUST_USE enum err outbox_address_clear(struct store_write *write, int64_t tenant,
                                       struct str address, struct problem *problem);
/* A group robot, with the address and the secret (or none) that its platform shows. `config` says
 * which hosts are allowed: ERR_WEBHOOK. */
MUST_USE enum err outbox_robot_add(struct store_write *write, int64_t tenant,
                                   const struct outbox_config *config, enum outbox_channel channel,
                                   struct str name, struct str address, struct str secret,
                                   int64_t *id, struct problem *problem);

/* The error of a message's row, for text at the edge. */
void outbox_problem(struct str code, struct str detail, struct problem *problem);

/* ---- for main ---- */

struct outbox_options {
    struct store *store;
    const struct outbox_config *config; /* outlives the outbox */
    int64_t (*now_ms)(void *);          /* as the store's */
    void *now_context;
    int attempt_seconds; /* for one attempt; 0: 60 */
};

struct outbox;
/* After store_open. */
MUST_USE enum err outbox_start(const struct outbox_options *options, struct outbox **outbox,
                               struct problem *problem);
/* Before store_close. An attempt under way is broken off; the message goes out at the next start.
 */
void outbox_stop(struct outbox *outbox);

#endif
