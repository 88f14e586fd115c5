/* What the tests of runs share: a folder to work in and a small run of the shipped hidden world. */
#ifndef TESTS_APP_TRAINING_RUN_FIXTURE_H
#define TESTS_APP_TRAINING_RUN_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/run.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"

#define FIXTURE_SCENARIO SAMPAN_SOURCE_ROOT "/data/scenarios/hidden-shop.json"

struct fixture {
    struct arena arena;
    char folder[64];
    struct problem problem;
};

static int fixture_setup(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof(*fixture));
    arena_init(&fixture->arena);
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/sampan-run-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    *state = fixture;
    return 0;
}

static int fixture_teardown(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(folder_remove(fixture->folder, &fixture->problem), ERR_OK);
    arena_clear(&fixture->arena);
    test_free(fixture);
    return 0;
}

static inline const char *fixture_path(struct fixture *fixture, const char *name)
{
    return path_join(&fixture->arena, fixture->folder, name);
}

static inline struct str fixture_read(struct fixture *fixture, const char *path)
{
    struct str text;
    assert_int_equal(file_read(&fixture->arena, path, 64 << 20, &text, &fixture->problem), ERR_OK);
    return text;
}

static inline void fixture_write(struct fixture *fixture, const char *path, struct str text)
{
    assert_int_equal(file_write_atomic(path, text, 0644, &fixture->problem), ERR_OK);
}

/* Change one byte in the middle of a file. */
static inline void fixture_damage(struct fixture *fixture, const char *path)
{
    struct str text = fixture_read(fixture, path);
    struct str changed = str_copy(&fixture->arena, text);
    char *bytes = arena_alloc(&fixture->arena, text.length, 1);
    memcpy(bytes, changed.text, changed.length);
    bytes[text.length / 2] ^= 1;
    fixture_write(fixture, path, (struct str){bytes, text.length});
}

static inline void assert_no_problem(enum err code, const struct problem *problem)
{
    if (code == ERR_OK)
        return;
    struct buf text;
    buf_init(&text);
    text_append_problem(&text, LANG_EN, problem);
    print_error("%s: %.*s\n", err_name(code), (int)text.length, text.text);
    buf_clear(&text);
    fail();
}

static inline void assert_has(struct str text, const char *part)
{
    struct arena arena;
    arena_init(&arena);
    bool found = strstr(str_copy(&arena, text).text, part) != NULL;
    arena_clear(&arena);
    if (!found)
        fail_msg("'%s' is not in:\n%.*s", part, (int)text.length, text.text);
}

/* Three rounds of the hidden world's four firms, without yardsticks. */
static inline struct training_simulate_options fixture_options(struct fixture *fixture,
                                                               const char *name)
{
    return (struct training_simulate_options){
        .scenario = FIXTURE_SCENARIO,
        .seed = "a test",
        .rounds = 3,
        .worlds = 1,
        .threads = 1,
        .score_seeds = -1,
        .fork_round = -1,
        .out = fixture_path(fixture, name),
    };
}

static inline const char *fixture_simulate(struct fixture *fixture,
                                           const struct training_simulate_options *options)
{
    struct buf report;
    buf_init(&report);
    enum err code = training_simulate(options, &report, &fixture->problem);
    buf_clear(&report);
    assert_no_problem(code, &fixture->problem);
    return options->out;
}

#endif
