/* A store with jobs, in a folder of its own, with kinds of work for tests and a clock they set. */
#ifndef TESTS_JOBS_SITE_H
#define TESTS_JOBS_SITE_H

#include <stdatomic.h>

#include "platform/jobs/jobs.h"
#include "platform/jobs/jobs_queries.h"

enum { TENANT = 7, OTHER_TENANT = 8 };

struct site {
    struct arena arena;
    struct problem problem;
    const char *folder;
    struct store *store;
    struct jobs *jobs;
    atomic_llong now_ms;
    atomic_int begun;      /* calls of functions */
    atomic_bool may_end;   /* the kind "waits" ends well */
    atomic_int failures;   /* the kind "fails" fails so often yet */
    atomic_int changes;    /* calls of the hook */
    atomic_llong last_job; /* of the hook */
    bool says;             /* print what functions do, for killed.c */
};

void site_open(struct site *site, const char *folder, int64_t now_ms);
/* Also starts jobs with two workers. */
void site_start(struct site *site);
void site_stop(struct site *site);
void site_close(struct site *site);

/* For cmocka: a new folder, open and started. */
int site_make(void **state);
int site_remove(void **state);

int64_t site_enqueue(struct site *site, const char *kind, const char *arguments, const char *key);
enum err site_cancel(struct site *site, int64_t tenant, int64_t job);
enum err site_retry(struct site *site, int64_t tenant, int64_t job);
struct job_by_id_row site_job(struct site *site, int64_t job);
/* Waits until the job's state is this one; fails the test after half a minute. */
struct job_by_id_row site_await(struct site *site, int64_t job, const char *state);
/* Lets the clock go on and has something committed, so that the dispatcher looks. */
void site_pass(struct site *site, int64_t ms);
int64_t site_effects(struct site *site, int64_t job);

#endif
