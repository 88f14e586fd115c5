/* Backups while the site writes, backups put back, files by their hash, whole sites in an archive.
 */
#include <dirent.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "fixture.h"
#include "sample/sample_queries.h"

enum { CONTENT_MAX = 1 << 24 };

/* ---- helpers ---- */

static struct str read_file(struct fixture *fixture, const char *path)
{
    struct str content;
    assert_int_equal(file_read(&fixture->arena, path, CONTENT_MAX, &content, &fixture->problem),
                     ERR_OK);
    return content;
}

static void write_file(struct fixture *fixture, const char *path, struct str content)
{
    assert_int_equal(file_write_atomic(path, content, 0600, &fixture->problem), ERR_OK);
}

/* A file of the folder whose name begins so; NULL when there is none. */
static const char *find_file(struct fixture *fixture, const char *beginning)
{
    DIR *folder = opendir(fixture->folder);
    struct dirent *found;
    const char *name = NULL;
    assert_non_null(folder);
    while ((found = readdir(folder)) != NULL) {
        if (str_starts_with(str_from_c(found->d_name), str_from_c(beginning)))
            name = str_copy(&fixture->arena, str_from_c(found->d_name)).text;
    }
    closedir(folder);
    return name;
}

/* Another folder's options, for a restore beside. */
static struct store_options options_at(struct fixture *fixture, const char *name)
{
    struct store_options options = fixture->options;
    options.folder = fixture_path(fixture, name);
    return options;
}

struct writing {
    struct fixture *fixture;
    int64_t tenant;
    atomic_bool stop;
    int saves;
    bool failed;
};

static enum err save(struct store_write *write, void *context, struct problem *problem)
{
    const struct writing *writing = context;
    return thing_insert(write, writing->tenant, store_id_new(write), STR("saw"), NULL, false, NULL,
                        NULL, problem);
}

static void *write_on(void *context)
{
    struct writing *writing = context;
    struct problem problem;
    while (!atomic_load(&writing->stop)) {
        if (store_write_now(writing->fixture->store, save, writing, &problem) != ERR_OK)
            writing->failed = true;
        writing->saves++;
    }
    return NULL;
}

/* ---- backups ---- */

static void a_backup_is_whole_while_saves_go_on(void **state)
{
    struct fixture *fixture = *state;
    struct writing writing = {.fixture = fixture, .tenant = fixture_club(fixture, "tools")};
    pthread_t thread;
    const char *backup = fixture_path(fixture, "copy.db");
    for (int i = 0; i < 50; i++)
        assert_int_equal(fixture_thing(fixture, writing.tenant, "axe", NULL), ERR_OK);
    assert_int_equal(pthread_create(&thread, NULL, write_on, &writing), 0);
    for (int i = 0; i < 5; i++) /* a second one replaces the first */
        assert_int_equal(store_backup(fixture->store, backup, &fixture->problem), ERR_OK);
    atomic_store(&writing.stop, true);
    pthread_join(thread, NULL);
    assert_false(writing.failed);
    assert_int_equal(fixture_count(fixture, writing.tenant), 50 + (size_t)writing.saves);
    /* The copy opens as a site of its own, with a state that was. */
    struct store_options options = options_at(fixture, "other");
    assert_int_equal(store_restore(&options, backup, &fixture->problem), ERR_OK);
    fixture_close(fixture);
    fixture->options = options;
    fixture_open(fixture);
    size_t count = fixture_count(fixture, writing.tenant);
    assert_true(count >= 50 && count <= 50 + (size_t)writing.saves);
}

/* As the commands do it: another process, with and without a server on the folder. */
static void another_process_may_copy(void **state)
{
    struct fixture *fixture = *state;
    const char *backup = fixture_path(fixture, "copy.db");
    const char *archive = fixture_path(fixture, "copy.tar.zst");
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    for (int i = 0; i < 2; i++) {
        int status;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            bool good =
                store_backup_folder(&fixture->options, backup, &fixture->problem) == ERR_OK &&
                store_archive_folder(&fixture->options, archive, &fixture->problem) == ERR_OK;
            _exit(good ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        if (i == 0) { /* the server goes on, and the copy has what it had */
            assert_int_equal(fixture_thing(fixture, tenant, "axe", NULL), ERR_OK);
            assert_int_equal(fixture_count(fixture, tenant), 2);
        }
        fixture_close(fixture);
    }
    assert_int_equal(store_archive_restore(&fixture->options, archive, &fixture->problem), ERR_OK);
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), 2);
    struct store_options none = options_at(fixture, "none");
    assert_int_equal(store_backup_folder(&none, backup, &fixture->problem), ERR_FILE_OPEN);
    assert_false(file_exists(none.folder));
}

/* A copy holds what the site keeps secret; the usual mask would let everyone read it. */
static void copies_are_their_owners_alone(void **state)
{
    struct fixture *fixture = *state;
    const char *const names[] = {"copy.db", "copy.tar.zst", "sampan.db", "sampan.db-wal"};
    mode_t mask = umask(022);
    fixture_club(fixture, "tools");
    assert_int_equal(
        store_backup(fixture->store, fixture_path(fixture, names[0]), &fixture->problem), ERR_OK);
    assert_int_equal(
        store_archive_write(fixture->store, fixture_path(fixture, names[1]), &fixture->problem),
        ERR_OK);
    umask(mask);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct stat status;
        assert_int_equal(stat(fixture_path(fixture, names[i]), &status), 0);
        assert_int_equal(status.st_mode & 0777, 0600);
    }
}

static void a_restore_keeps_the_old_one(void **state)
{
    struct fixture *fixture = *state;
    const char *backup = fixture_path(fixture, "copy.db");
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(store_backup(fixture->store, backup, &fixture->problem), ERR_OK);
    assert_int_equal(fixture_thing(fixture, tenant, "axe", NULL), ERR_OK);
    /* Not under a running site. */
    assert_int_equal(store_restore(&fixture->options, backup, &fixture->problem), ERR_FILE_BUSY);
    fixture_close(fixture);
    assert_int_equal(store_restore(&fixture->options, backup, &fixture->problem), ERR_OK);
    const char *kept = find_file(fixture, "before-restore-");
    assert_non_null(kept);
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), 1);
    /* And back again. */
    fixture_close(fixture);
    assert_int_equal(
        store_restore(&fixture->options, fixture_path(fixture, kept), &fixture->problem), ERR_OK);
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), 2);
}

static void what_is_no_backup_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    const char *backup = fixture_path(fixture, "copy.db");
    int64_t tenant = fixture_club(fixture, "tools");
    for (int i = 0; i < 200; i++)
        assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(store_backup(fixture->store, backup, &fixture->problem), ERR_OK);
    fixture_close(fixture);
    struct str good = read_file(fixture, backup);
    char *bad = arena_alloc(&fixture->arena, good.length, 1);
    struct problem *problem = &fixture->problem;
    /* A page in the middle overwritten. */
    memcpy(bad, good.text, good.length);
    memset(bad + good.length / 4096 / 2 * 4096, 'x', 4096);
    write_file(fixture, backup, (struct str){bad, good.length});
    assert_int_equal(store_restore(&fixture->options, backup, problem), ERR_FILE_DAMAGED);
    assert_string_equal(problem->place, backup);
    /* Cut off; not a database; not there; of a newer release. */
    write_file(fixture, backup, str_slice(good, 0, good.length - 4096));
    assert_int_equal(store_restore(&fixture->options, backup, problem), ERR_FILE_DAMAGED);
    write_file(fixture, backup, STR("no database at all, but long enough to be looked at"));
    assert_int_equal(store_restore(&fixture->options, backup, problem), ERR_FILE_DAMAGED);
    write_file(fixture, backup, STR(""));
    assert_int_equal(store_restore(&fixture->options, backup, problem), ERR_FILE_NOT_OURS);
    assert_int_equal(store_restore(&fixture->options, fixture_path(fixture, "none"), problem),
                     ERR_FILE_OPEN);
    write_file(fixture, backup, good);
    fixture->options.migration_count = 1;
    assert_int_equal(store_restore(&fixture->options, backup, problem), ERR_STORE_NEWER);
    fixture->options.migration_count = 2;
    assert_null(find_file(fixture, "before-restore-"));
    assert_null(find_file(fixture, "incoming"));
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), 200);
}

static void a_damaged_database_can_be_replaced(void **state)
{
    struct fixture *fixture = *state;
    const char *backup = fixture_path(fixture, "copy.db");
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(store_backup(fixture->store, backup, &fixture->problem), ERR_OK);
    fixture_close(fixture);
    write_file(fixture, fixture_path(fixture, "sampan.db"), STR("what a broken disk left of it"));
    assert_int_equal(store_open(&fixture->options, &fixture->store, &fixture->problem),
                     ERR_FILE_DAMAGED);
    assert_int_equal(store_restore(&fixture->options, backup, &fixture->problem), ERR_OK);
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), 0);
}

/* ---- files ---- */

static void a_file_is_kept_once_and_read_by_its_hash(void **state)
{
    struct fixture *fixture = *state;
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char again[STORE_HASH_BYTES];
    struct str content;
    struct problem *problem = &fixture->problem;
    assert_int_equal(store_file_put(fixture->store, STR("abc"), hash, problem), ERR_OK);
    assert_int_equal(store_file_put(fixture->store, STR("abc"), again, problem), ERR_OK);
    assert_memory_equal(hash, again, sizeof(hash));
    /* FIPS 180-4, appendix B.1: SHA-256 of "abc". */
    const char *name = "files/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_true(file_exists(fixture_path(fixture, name)));
    assert_int_equal(store_file_get(fixture->store, &fixture->arena, hash, &content, problem),
                     ERR_OK);
    assert_true(str_equal(content, STR("abc")));
    /* Nothing is content, too. */
    assert_int_equal(store_file_put(fixture->store, STR(""), again, problem), ERR_OK);
    assert_int_equal(store_file_get(fixture->store, &fixture->arena, again, &content, problem),
                     ERR_OK);
    assert_int_equal(content.length, 0);
    again[0] ^= 1;
    assert_int_equal(store_file_get(fixture->store, &fixture->arena, again, &content, problem),
                     ERR_NOT_FOUND);
    write_file(fixture, fixture_path(fixture, name), STR("abd"));
    assert_int_equal(store_file_get(fixture->store, &fixture->arena, hash, &content, problem),
                     ERR_FILE_DAMAGED);
    assert_non_null(strstr(problem->place, name));
}

/* ---- archives ---- */

struct site {
    int64_t tenant;
    unsigned char hashes[3][STORE_HASH_BYTES];
};

static struct str large_content(struct fixture *fixture)
{
    size_t length = 300000;
    char *bytes = arena_alloc(&fixture->arena, length, 1);
    uint32_t value = 1;
    for (size_t i = 0; i < length; i++) {
        value = value * 1664525U + 1013904223U;
        bytes[i] = (char)(value >> 24);
    }
    return (struct str){bytes, length};
}

static struct str site_content(struct fixture *fixture, int index)
{
    return index == 0 ? STR("first") : index == 1 ? STR("") : large_content(fixture);
}

static const char *archive_made(struct fixture *fixture, struct site *site)
{
    const char *archive = fixture_path(fixture, "site.tar.zst");
    site->tenant = fixture_club(fixture, "tools");
    for (int i = 0; i < 20; i++)
        assert_int_equal(fixture_thing(fixture, site->tenant, "saw", NULL), ERR_OK);
    for (int i = 0; i < 3; i++)
        assert_int_equal(store_file_put(fixture->store, site_content(fixture, i), site->hashes[i],
                                        &fixture->problem),
                         ERR_OK);
    assert_int_equal(store_archive_write(fixture->store, archive, &fixture->problem), ERR_OK);
    return archive;
}

static void expect_site(struct fixture *fixture, const struct site *site)
{
    assert_int_equal(fixture_count(fixture, site->tenant), 20);
    for (int i = 0; i < 3; i++) {
        struct str content;
        assert_int_equal(store_file_get(fixture->store, &fixture->arena, site->hashes[i], &content,
                                        &fixture->problem),
                         ERR_OK);
        assert_true(str_equal(content, site_content(fixture, i)));
    }
}

static void a_site_comes_back_whole(void **state)
{
    struct fixture *fixture = *state;
    struct site site;
    const char *archive = archive_made(fixture, &site);
    struct store_options options = options_at(fixture, "other");
    assert_int_equal(store_archive_restore(&fixture->options, archive, &fixture->problem),
                     ERR_FILE_BUSY);
    fixture_close(fixture);
    assert_int_equal(store_archive_restore(&options, archive, &fixture->problem), ERR_OK);
    fixture->options = options;
    fixture_open(fixture);
    expect_site(fixture, &site);
    /* Over a site that went on: the old database is kept. */
    assert_int_equal(fixture_thing(fixture, site.tenant, "axe", NULL), ERR_OK);
    fixture_close(fixture);
    assert_int_equal(store_restore(&options, archive, &fixture->problem), ERR_OK);
    fixture_open(fixture);
    expect_site(fixture, &site);
    assert_false(file_exists(str_format(&fixture->arena, "%s/incoming", options.folder).text));
}

/* Any tar that knows zstd lists it; here the system's, where there is one. */
static void others_can_list_it(void **state)
{
    struct fixture *fixture = *state;
    struct site site;
    const char *archive = archive_made(fixture, &site);
    if (system("tar --version >/dev/null 2>&1 && zstd --version >/dev/null 2>&1") != 0) {
        print_message("tar and zstd are not both installed\n");
        skip();
    }
    const char *command =
        str_format(&fixture->arena, "zstd -dcq %s | tar -t | sed 's|files/../.*|file|' > %s.list",
                   archive, archive)
            .text;
    assert_int_equal(system(command), 0);
    struct str list = read_file(fixture, str_format(&fixture->arena, "%s.list", archive).text);
    assert_true(str_equal(list, STR("manifest.json\nsampan.db\nfile\nfile\nfile\n")));
}

static void a_damaged_file_is_found_when_packed(void **state)
{
    struct fixture *fixture = *state;
    struct site site;
    const char *archive = archive_made(fixture, &site);
    struct str before = read_file(fixture, archive);
    assert_int_equal(store_file_put(fixture->store, STR("abc"), site.hashes[0], &fixture->problem),
                     ERR_OK);
    const char *name = "files/ba/7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    write_file(fixture, fixture_path(fixture, name), STR("abd"));
    assert_int_equal(store_archive_write(fixture->store, archive, &fixture->problem),
                     ERR_FILE_DAMAGED);
    assert_non_null(strstr(fixture->problem.place, name));
    assert_true(str_equal(before, read_file(fixture, archive))); /* the old one stays */
}

static void expect_refused(struct fixture *fixture, const struct store_options *options,
                           const char *archive, struct str content)
{
    write_file(fixture, archive, content);
    enum err code = store_archive_restore(options, archive, &fixture->problem);
    assert_int_equal(code, ERR_FILE_DAMAGED);
    assert_non_null(strstr(fixture->problem.place, "site.tar.zst"));
    assert_false(file_exists(str_format(&fixture->arena, "%s/sampan.db", options->folder).text));
    assert_false(file_exists(str_format(&fixture->arena, "%s/incoming", options->folder).text));
}

static void a_damaged_archive_changes_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct site site;
    const char *archive = archive_made(fixture, &site);
    struct store_options options = options_at(fixture, "other");
    struct str good = read_file(fixture, archive);
    char *bad = arena_alloc(&fixture->arena, good.length + 1, 1);
    /* A bit flipped at 40 places, cuts at 40 places, something behind the end, nothing at all. */
    for (size_t i = 0; i < 40; i++) {
        struct arena_mark mark = arena_mark_get(&fixture->arena);
        size_t at = good.length * i / 40 + i % 7;
        memcpy(bad, good.text, good.length);
        bad[at] = (char)(bad[at] ^ (1 << i % 8));
        if (i > 0) /* the first bytes say only how the frame is packed */
            expect_refused(fixture, &options, archive, (struct str){bad, good.length});
        expect_refused(fixture, &options, archive, str_slice(good, 0, at));
        arena_rewind(&fixture->arena, mark);
    }
    memcpy(bad, good.text, good.length);
    bad[good.length] = 'x';
    expect_refused(fixture, &options, archive, (struct str){bad, good.length + 1});
    write_file(fixture, archive, good);
    assert_int_equal(store_archive_restore(&options, archive, &fixture->problem), ERR_OK);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_make, fixture_remove)
    const struct CMUnitTest tests[] = {
        CASE(a_backup_is_whole_while_saves_go_on),
        CASE(another_process_may_copy),
        CASE(copies_are_their_owners_alone),
        CASE(a_restore_keeps_the_old_one),
        CASE(what_is_no_backup_changes_nothing),
        CASE(a_damaged_database_can_be_replaced),
        CASE(a_file_is_kept_once_and_read_by_its_hash),
        CASE(a_site_comes_back_whole),
        CASE(others_can_list_it),
        CASE(a_damaged_file_is_found_when_packed),
        CASE(a_damaged_archive_changes_nothing),
    };
    return cmocka_run_group_tests_name("store/backup", tests, NULL, NULL);
}
