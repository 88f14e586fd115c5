#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/file.h"

/* Each test gets an empty folder of its own. */
struct place {
    struct arena arena;
    struct problem problem;
    const char *folder;
};

static int place_make(void **state)
{
    static struct place place;
    arena_init(&place.arena);
    const char *top = getenv("TMPDIR");
    struct str name = str_format(&place.arena, "%s/sampan-file-XXXXXX", top == NULL ? "/tmp" : top);
    char *folder = arena_alloc(&place.arena, name.length + 1, 1);
    memcpy(folder, name.text, name.length);
    place.folder = mkdtemp(folder);
    *state = &place;
    return place.folder == NULL;
}

static int place_remove(void **state)
{
    struct place *place = *state;
    enum err code = folder_remove(place->folder, &place->problem);
    arena_clear(&place->arena);
    return code != ERR_OK;
}

static int count_entries(const char *path)
{
    int count = 0;
    DIR *folder = opendir(path);
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count - 2; /* without . and .. */
}

static void what_is_written_is_read(void **state)
{
    struct place *place = *state;
    const char *path = path_join(&place->arena, place->folder, "a.txt");
    struct str content;
    assert_false(file_exists(path));
    assert_int_equal(file_write_atomic(path, STR("one\0two"), 0600, &place->problem), ERR_OK);
    assert_int_equal(file_read(&place->arena, path, 7, &content, &place->problem), ERR_OK);
    assert_true(str_equal(content, STR("one\0two")));
    assert_int_equal(content.text[content.length], 0);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    /* Written again: the new content, and no temporary file is left. */
    assert_int_equal(file_write_atomic(path, STR(""), 0600, &place->problem), ERR_OK);
    assert_int_equal(file_read(&place->arena, path, 7, &content, &place->problem), ERR_OK);
    assert_int_equal(content.length, 0);
    assert_int_equal(count_entries(place->folder), 1);
}

static void what_cannot_be_read_says_why(void **state)
{
    struct place *place = *state;
    const char *path = path_join(&place->arena, place->folder, "none.txt");
    struct str content;
    assert_int_equal(file_read(&place->arena, path, 9, &content, &place->problem), ERR_FILE_OPEN);
    assert_string_equal(place->problem.place, path);
    assert_string_equal(place->problem.args[0].text, "there is no such file or folder");
    assert_int_equal(file_read(&place->arena, place->folder, 9, &content, &place->problem),
                     ERR_FILE_OPEN);
    assert_int_equal(file_write_atomic(path, STR("12345678"), 0644, &place->problem), ERR_OK);
    assert_int_equal(file_read(&place->arena, path, 7, &content, &place->problem),
                     ERR_FILE_TOO_LARGE);
    assert_int_equal(place->problem.args[0].number, 7);
    const char *below = path_join(&place->arena, path, "x");
    assert_int_equal(file_write_atomic(below, STR("1"), 0644, &place->problem), ERR_FILE_WRITE);
    assert_int_equal(folder_make(path, &place->problem), ERR_FILE_WRITE);
}

/* A pipe has no size; it is read to its end, and its limit holds. */
static void a_pipe_is_read_to_its_end(void **state)
{
    struct place *place = *state;
    const char *path = path_join(&place->arena, place->folder, "pipe");
    enum { LENGTH = 300000 };
    for (int round = 0; round < 2; round++) {
        unlink(path);
        assert_int_equal(mkfifo(path, 0600), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            FILE *pipe = fopen(path, "w");
            for (int i = 0; pipe != NULL && i < LENGTH; i++)
                fputc('a' + i % 26, pipe);
            if (pipe != NULL)
                fclose(pipe);
            _exit(0);
        }
        struct str content;
        size_t limit = round == 0 ? LENGTH : 1000;
        enum err code = file_read(&place->arena, path, limit, &content, &place->problem);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(code, round == 0 ? ERR_OK : ERR_FILE_TOO_LARGE);
        if (round == 0) {
            assert_int_equal(content.length, LENGTH);
            assert_int_equal(content.text[LENGTH - 1], 'a' + (LENGTH - 1) % 26);
        }
    }
}

static void folders_are_published_once(void **state)
{
    struct place *place = *state;
    const char *temporary = path_join(&place->arena, place->folder, "run.part");
    const char *final = path_join(&place->arena, place->folder, "run");
    assert_int_equal(folder_make(temporary, &place->problem), ERR_OK);
    assert_int_equal(folder_make(temporary, &place->problem), ERR_OK);
    assert_int_equal(folder_publish(temporary, final, &place->problem), ERR_OK);
    assert_true(file_exists(final));
    assert_false(file_exists(temporary));
    assert_int_equal(folder_make(temporary, &place->problem), ERR_OK);
    assert_int_equal(folder_publish(temporary, final, &place->problem), ERR_FILE_EXISTS);
    assert_string_equal(place->problem.place, final);
    assert_true(file_exists(temporary));
    const char *deep = path_join(&place->arena, place->folder, "no/such");
    assert_int_equal(folder_make(deep, &place->problem), ERR_FILE_WRITE);
}

/* Links are removed, not what they lead to. */
static void removing_does_not_follow_links(void **state)
{
    struct place *place = *state;
    const char *kept = path_join(&place->arena, place->folder, "kept");
    const char *gone = path_join(&place->arena, place->folder, "gone");
    const char *inside = path_join(&place->arena, gone, "inside");
    const char *file = path_join(&place->arena, kept, "a");
    assert_int_equal(folder_make(kept, &place->problem), ERR_OK);
    assert_int_equal(folder_make(gone, &place->problem), ERR_OK);
    assert_int_equal(folder_make(inside, &place->problem), ERR_OK);
    assert_int_equal(file_write_atomic(file, STR("a"), 0644, &place->problem), ERR_OK);
    assert_int_equal(symlink(kept, path_join(&place->arena, inside, "link")), 0);
    assert_int_equal(folder_remove(gone, &place->problem), ERR_OK);
    assert_false(file_exists(gone));
    assert_true(file_exists(file));
    assert_int_equal(folder_remove(gone, &place->problem), ERR_OK);
}

static void paths_are_joined_with_one_slash(void **state)
{
    struct place *place = *state;
    assert_string_equal(path_join(&place->arena, "a", "b"), "a/b");
    assert_string_equal(path_join(&place->arena, "a/", "b"), "a/b");
}

static void one_signal_asks_and_two_end(void **state)
{
    (void)state;
    for (int signals = 1; signals <= 2; signals++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            interrupt_watch();
            bool before = interrupt_asked();
            for (int i = 0; i < signals; i++)
                raise(i == 0 ? SIGINT : SIGTERM);
            _exit(!before && interrupt_asked() ? 7 : 8);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), signals == 1 ? 7 : 128 + SIGTERM);
    }
}

static void progress_is_quiet_at_first(void **state)
{
    struct place *place = *state;
    const char *path = path_join(&place->arena, place->folder, "err");
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (freopen(path, "w", stderr) == NULL)
            _exit(1);
        struct progress *progress = progress_begin("计算", 100);
        for (int i = 0; i < 100; i++)
            progress_set(progress, i);
        progress_end(progress);
        progress_end(NULL);
        fclose(stderr);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    struct str content;
    assert_int_equal(file_read(&place->arena, path, 1000, &content, &place->problem), ERR_OK);
    assert_int_equal(content.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read, place_make, place_remove),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_says_why, place_make, place_remove),
        cmocka_unit_test_setup_teardown(a_pipe_is_read_to_its_end, place_make, place_remove),
        cmocka_unit_test_setup_teardown(folders_are_published_once, place_make, place_remove),
        cmocka_unit_test_setup_teardown(removing_does_not_follow_links, place_make, place_remove),
        cmocka_unit_test_setup_teardown(paths_are_joined_with_one_slash, place_make, place_remove),
        cmocka_unit_test(one_signal_asks_and_two_end),
        cmocka_unit_test_setup_teardown(progress_is_quiet_at_first, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
