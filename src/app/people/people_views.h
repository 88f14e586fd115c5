/* people: what its pages show. Filled by the handlers, read by the templates. */
#ifndef APP_PEOPLE_PEOPLE_VIEWS_H
#define APP_PEOPLE_PEOPLE_VIEWS_H

#include "app/people/people.h"

struct home_view {
    struct shell shell;
    bool signed_in;
    struct str organisation;
    const char *const *roles; /* text keys */
    size_t role_count;
    bool invented;             /* the organisation is the demonstration's */
    const struct action *ways; /* where this person can go from here */
    size_t way_count;
    struct link sign_in;
};

struct sign_in_view {
    struct shell shell;
    const struct form_state *state;
    struct str back;
    struct field organisation, number, password;
};

struct member_row {
    struct id person;
    struct str name, number;
    bool disabled;
};

struct people_list_view {
    struct shell shell;
    const struct member_row *rows;
    size_t row_count;
    struct pager pager;
    struct table table;
    bool may_manage;
    const struct form_state *state;
    struct field name, number, role, password;
};

struct role_row_view {
    struct id membership;
    const char *role; /* text key */
    struct moment since;
};

struct person_view {
    struct shell shell;
    struct id person;
    struct str number;
    int64_t version;
    bool disabled;
    struct moment entered;
    const struct role_row_view *roles;
    size_t role_count;
    struct table table;
    bool may_manage;
    const struct form_state *state;
    struct field role;
};

struct session_row_view {
    struct id session;
    struct moment since, until;
    bool here; /* the one that asks */
};

struct token_row_view {
    struct id token;
    struct str name;
    bool may_write;
    struct moment until;
};

struct account_view {
    struct shell shell;
    const struct session_row_view *sessions;
    size_t session_count;
    const struct token_row_view *tokens;
    size_t token_count;
    struct table session_table, token_table;
    const struct form_state *password_state; /* NULL: that form was not sent */
    const struct form_state *token_state;
    struct field old, fresh, again;
    struct field token_name, token_days, token_may_write;
};

struct token_shown_view {
    struct shell shell;
    struct str token; /* shown this once */
};

#endif
