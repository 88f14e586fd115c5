/* site: a small site for tests of web: notes behind a door. No database: state of this process. */
#ifndef TESTS_PLATFORM_WEB_SITE_H
#define TESTS_PLATFORM_WEB_SITE_H

#include "platform/web/web.h"

/* Opened with the stub store; `site_clock_ms` is its clock. */
void site_begin(struct web_site *site, const char *prefix);
void site_end(struct web_site *site);
extern _Atomic int64_t site_clock_ms;
/* What note_add and note_upload were given last, and how often each ran. */
struct site_seen {
    char title[128];
    char text[512];
    int64_t stars, parent;
    int32_t day;
    bool pinned;
    int kind;
    char file_name[128];
    size_t file_length;
    int adds;
    char log[1 << 16];
    size_t log_length;
};
extern struct site_seen site_seen;
/* All sessions and tokens end. */
void site_forget_sessions(void);
/* GET /broken fails with a mistake of its own (else it is like any page). */
extern bool site_broken_answers;
/* GET /slow does not end while this is set; so many wait in it. */
extern _Atomic bool site_slow_held;
extern _Atomic int site_slow_waiting;
/* A session of person 7, who may read and write (8: only read): the token for its cookie. */
struct str site_session(struct arena *arena, int64_t person);
/* The same as an API token. */
struct str site_api_token(struct arena *arena, int64_t person);

#endif
