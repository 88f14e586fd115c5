/* A process that is killed at work: its job is taken up again when the lease has run out, and what
 * it is to leave is there once. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "site.h"

enum { START_MS = 1000, LEASE_MS = 30000 };

struct worker {
    pid_t pid;
    int input;
    FILE *output;
};

static struct worker worker_start(const char *folder, int64_t now_ms, const char *arguments)
{
    struct worker worker;
    int in[2];
    int out[2];
    char now[32];
    snprintf(now, sizeof(now), "%lld", (long long)(1790000000000 + now_ms));
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    worker.pid = fork();
    assert_true(worker.pid >= 0);
    if (worker.pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        close(in[0]);
        close(in[1]);
        close(out[0]);
        close(out[1]);
        execl(KILLED_PROGRAM, KILLED_PROGRAM, folder, now, arguments, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    worker.input = in[1];
    worker.output = fdopen(out[0], "r");
    return worker;
}

static void worker_says(struct worker *worker, const char *line)
{
    char got[80] = "";
    assert_non_null(fgets(got, sizeof(got), worker->output));
    assert_string_equal(got, line);
}

static int64_t worker_job(struct worker *worker)
{
    long long job = 0;
    assert_int_equal(fscanf(worker->output, "job %lld\n", &job), 1);
    return job;
}

/* By SIGKILL, or in order. */
static void worker_end(struct worker *worker, bool kills)
{
    int status;
    if (kills)
        kill(worker->pid, SIGKILL);
    close(worker->input);
    assert_int_equal(waitpid(worker->pid, &status, 0), worker->pid);
    assert_int_equal(kills ? WIFSIGNALED(status) : WIFEXITED(status), 1);
    fclose(worker->output);
}

/* Neither begins nor ends anything within a moment. */
static void worker_is_idle(struct worker *worker)
{
    struct pollfd out = {.fd = fileno(worker->output), .events = POLLIN};
    assert_int_equal(poll(&out, 1, 300), 0);
}

static int folder_new(void **state)
{
    static char folder[64];
    snprintf(folder, sizeof(folder), "/tmp/sampan-jobs-XXXXXX");
    *state = mkdtemp(folder);
    return *state == NULL;
}

static int folder_drop(void **state)
{
    struct problem problem;
    return folder_remove(*state, &problem) != ERR_OK;
}

static void expect(const char *folder, int64_t job, const char *state, int attempts, int effects)
{
    static struct site site;
    site_open(&site, folder, 1790000000000 + 10 * LEASE_MS);
    struct job_by_id_row row = site_job(&site, job);
    assert_string_equal(row.state.text, state);
    assert_int_equal(row.attempts, attempts);
    assert_int_equal(site_effects(&site, job), effects);
    site_close(&site);
}

static void test_killed_before_the_effect(void **state)
{
    struct worker worker = worker_start(*state, 0, "\"before\"");
    int64_t job = worker_job(&worker);
    worker_says(&worker, "begun 1\n");
    worker_end(&worker, true);
    expect(*state, job, "running", 1, 0);
    /* The lease is not over yet: the next process leaves it alone. */
    worker = worker_start(*state, START_MS, NULL);
    worker_is_idle(&worker);
    worker_end(&worker, false);
    worker = worker_start(*state, LEASE_MS, NULL);
    worker_says(&worker, "begun 2\n");
    worker_says(&worker, "written 2\n");
    worker_end(&worker, false);
    expect(*state, job, "done", 2, 1);
}

static void test_killed_after_the_effect(void **state)
{
    struct worker worker = worker_start(*state, 0, "\"after\"");
    int64_t job = worker_job(&worker);
    worker_says(&worker, "begun 1\n");
    worker_says(&worker, "written 1\n");
    worker_end(&worker, true);
    worker = worker_start(*state, LEASE_MS + START_MS, NULL);
    worker_is_idle(&worker);
    worker_end(&worker, false);
    expect(*state, job, "done", 1, 1);
}

/* At some moment around its write: the effect is there if and only if the job is done. */
static void test_killed_around_the_write(void **state)
{
    static struct site site;
    for (int i = 0; i < 8; i++) {
        struct worker worker = worker_start(*state, i * 2 * LEASE_MS, "\"after\"");
        int64_t job = worker_job(&worker);
        poll(NULL, 0, 10 + 5 * i);
        worker_end(&worker, true);
        site_open(&site, *state, 1790000000000 + (2 * i + 1) * LEASE_MS);
        bool done = str_equal_c(site_job(&site, job).state, "done");
        assert_int_equal(site_effects(&site, job), done ? 1 : 0);
        site_close(&site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_killed_before_the_effect, folder_new, folder_drop),
        cmocka_unit_test_setup_teardown(test_killed_after_the_effect, folder_new, folder_drop),
        cmocka_unit_test_setup_teardown(test_killed_around_the_write, folder_new, folder_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
