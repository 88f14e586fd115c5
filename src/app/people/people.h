/* people: organisations, persons and their roles; who stands behind a request, and what they may
 * do.
 *
 * Purpose  Every other room asks this one who is asking. A permission is a row of permissions.def;
 *          the roles of a viewer are those of the organisation the session acts in.
 * Units    Times are UTC ms.
 * Errors   ERR_NOT_FOUND for what is not there or is another organisation's; ERR_FIELD_TWICE for a
 *          short name or number that is taken.
 */
#ifndef APP_PEOPLE_PEOPLE_H
#define APP_PEOPLE_PEOPLE_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "platform/web/components.h"
#include "platform/web/web.h"

enum role {
#define ROLE(name, word, label) ROLE_##name,
#include "app/people/roles.def"
#undef ROLE
    ROLE_COUNT
};

enum permission {
#define PERMISSION(name, roles) PERMISSION_##name,
#include "app/people/permissions.def"
#undef PERMISSION
    PERMISSION_COUNT
};

enum { PEOPLE_PASSWORD_LEAST = 10, PEOPLE_PASSWORD_MOST = 200, PEOPLE_HASH_MAX = 128 };

/* "student" -> ROLE_STUDENT; false for an unknown word. */
bool role_from_word(struct str word, enum role *role);
const char *role_word(enum role role);
/* Text key. */
const char *role_label(enum role role);

/* What main hands to the server. */
bool people_may(const struct viewer *viewer, int permission);
MUST_USE enum err people_identify(struct store_read *read, struct arena *arena,
                                  struct str token_hash, bool is_api_token, int64_t now_ms,
                                  struct viewer *viewer, struct problem *problem);
extern const struct web_table people_routes;

/* An entry of the navigation, shown to who has the permission. */
struct people_nav {
    const char *label; /* text key */
    const char *path;
    int permission;
};
/* What a site's `context` points to: the entries of all rooms, in order; the last is empty. */
struct people_site {
    const struct people_nav *nav;
    const char *name; /* of the site, "Sampan" */
};
/* The frame of a page for this request. `title` is shown as it is. */
void people_shell(struct request *request, struct str title, struct shell *shell);
/* The same with a text key for a title. */
void people_shell_titled(struct request *request, const char *title, struct shell *shell);

/* argon2id (libsodium, interactive limits) of a password; slow on purpose: never on a web thread
 * nor on the writer's. False: no memory for it. */
bool people_password_hash(struct str password, char hash[PEOPLE_HASH_MAX]);
/* As slow. An empty hash fits nothing. */
bool people_password_fits(struct str hash, struct str password);
/* A hash that no password fits, checked when there is no account. */
extern const char people_no_account_hash[];
/* A session of this browser, in this answer. */
MUST_USE enum err people_session_begin(struct request *request, struct store_write *write,
                                       int64_t person, int64_t organisation);

struct people_organisation {
    struct str code; /* 2 to 40 lower-case letters, digits, "-" */
    struct str kind; /* college, enterprise, institute, contest */
    struct str name_zh, name_en;
    int32_t zone_minutes;
    bool invented;
};
MUST_USE enum err people_organisation_add(struct store_write *write,
                                          const struct people_organisation *organisation,
                                          int64_t *id, struct problem *problem);
/* ERR_NOT_FOUND when no organisation has this short name. */
MUST_USE enum err people_organisation_find(struct store_read *read, struct str code, int64_t *id,
                                           struct problem *problem);
struct people_person {
    int64_t home; /* organisation */
    struct str number, name;
    struct str password_hash; /* empty: cannot sign in yet */
    bool must_change;
};
MUST_USE enum err people_person_add(struct store_write *write, const struct people_person *person,
                                    int64_t *id, struct problem *problem);
MUST_USE enum err people_role_add(struct store_write *write, int64_t tenant, int64_t person,
                                  enum role role, struct problem *problem);
MUST_USE enum err people_role_end(struct store_write *write, int64_t tenant, int64_t membership,
                                  struct problem *problem);

/* Order among names: pinyin for Chinese, letters without case and accents for others (ICU
 * collation of zh, strength tertiary), as bytes in the arena to be compared bytewise. */
struct str people_sort_key(struct arena *arena, struct str name);

#endif
