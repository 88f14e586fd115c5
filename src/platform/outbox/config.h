/* outbox/config: the site's own settings, DATA/site.json, read when the site starts.
 *
 * Unknown fields are refused with their place. The password of the mail server may stand in the
 * file, in a file of its own or in a variable of the environment. docs/operations.md has each
 * field.
 */
#ifndef PLATFORM_OUTBOX_CONFIG_H
#define PLATFORM_OUTBOX_CONFIG_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum { CONFIG_HOSTS_MAX = 16, CONFIG_TEXT_MAX = 255, CONFIG_PASSWORD_MAX = 1024 };

enum mail_security { MAIL_STARTTLS, MAIL_TLS, MAIL_PLAIN };

struct mail_config {
    bool given; /* without it mails wait to be copied */
    struct str host;
    int port;
    enum mail_security security;
    struct str user; /* empty: no sign-in */
    struct str password;
    struct str from;      /* address */
    struct str from_name; /* may be empty */
    struct str reply_to;  /* address; may be empty */
    struct str ca_file;   /* certificates to trust instead of the system's; may be empty */
};

/* Further hosts that webhooks of a platform may go to, besides its own. */
struct robot_hosts {
    struct str hosts[CONFIG_HOSTS_MAX];
    size_t count;
};

struct outbox_config {
    struct mail_config mail;
    struct robot_hosts wecom;
    struct robot_hosts dingtalk;
    struct robot_hosts feishu;
    bool allow_loopback; /* webhooks to http://127.0.0.1: only for trying out */
};

/* Reads the file into the arena; a missing one gives the empty configuration. `environment` reads a
 * variable (getenv). ERR_JSON_SYNTAX, ERR_FIELD_UNKNOWN and their like, with the field as place;
 * ERR_CONFIG for what does not fit together. */
MUST_USE enum err outbox_config_read(struct arena *arena, const char *file,
                                     const char *(*environment)(const char *name),
                                     struct outbox_config *config, struct problem *problem);

#endif
