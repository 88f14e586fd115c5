/* digests.json of a world: which bytes each round had, so that damage can be told from change. */
#include <string.h>

#include "app/training/run.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"

static void put_hex(struct json_writer *writer, const char *key, const char *hex)
{
    json_key(writer, key);
    json_put_text(writer, str_from_c(hex));
}

static void put_round(struct json_writer *writer, int firms, int round,
                      const struct run_digest *digest)
{
    json_object_begin(writer);
    json_key(writer, "round");
    json_put_int(writer, round);
    put_hex(writer, "state", digest->state);
    if (round > 0) {
        json_key(writer, "firms");
        json_list_begin(writer);
        for (int f = 0; f < firms; f++) {
            json_object_begin(writer);
            put_hex(writer, "source", run_source_name(digest->source[f]));
            put_hex(writer, "decisions", digest->decisions[f]);
            json_object_end(writer);
        }
        json_list_end(writer);
    }
    json_object_end(writer);
}

enum err run_digests_write(const char *world_path, int firms, int rounds,
                           const struct run_digest *digests, struct problem *problem)
{
    struct arena arena;
    struct buf text;
    struct json_writer writer;
    arena_init(&arena);
    buf_init(&text);
    json_writer_init(&writer, &text, true);
    json_object_begin(&writer);
    json_key(&writer, "rounds");
    json_list_begin(&writer);
    for (int r = 0; r <= rounds; r++)
        put_round(&writer, firms, r, &digests[r]);
    json_list_end(&writer);
    json_object_end(&writer);
    enum err code = file_write_atomic(path_join(&arena, world_path, "digests.json"), buf_str(&text),
                                      0644, problem);
    buf_clear(&text);
    arena_clear(&arena);
    return code;
}

static enum err get_hex(const struct json *object, const char *key, char hex[DIGEST_HEX_MAX],
                        struct problem *problem)
{
    struct str text;
    TRY(json_get_text(object, key, DIGEST_HEX_MAX - 1, &text, problem));
    memcpy(hex, text.text, text.length);
    hex[text.length] = '\0';
    return ERR_OK;
}

static enum err get_source(const struct json *object, enum run_source *source,
                           struct problem *problem)
{
    struct str name;
    TRY(json_get_text(object, "source", 16, &name, problem));
    for (int s = 0; s < RUN_SOURCE_COUNT; s++) {
        *source = (enum run_source)s;
        if (str_equal_c(name, run_source_name(*source)))
            return ERR_OK;
    }
    problem_set(problem, ERR_CHOICE, ERR_TEXT(name), ERR_TEXT(STR("file, policy, absent")));
    return json_place(problem, object, "source");
}

static enum err wrong_count(const struct json *list, struct problem *problem)
{
    problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(N_("entries are missing from it")));
    return json_place(problem, list, NULL);
}

static enum err get_firms(const struct json *entry, int firms, struct run_digest *digest,
                          struct problem *problem)
{
    struct json list = json_child(entry, "firms");
    TRY(json_require_list(&list, MARKET_FIRMS_MAX, problem));
    if (json_count(&list) != (size_t)firms)
        return wrong_count(&list, problem);
    for (int f = 0; f < firms; f++) {
        struct json item = json_item(&list, (size_t)f);
        TRY(json_require_object(&item, problem));
        TRY(get_source(&item, &digest->source[f], problem));
        TRY(get_hex(&item, "decisions", digest->decisions[f], problem));
    }
    return ERR_OK;
}

static enum err parse(const struct json *root, int firms, int rounds, struct run_digest *digests,
                      struct problem *problem)
{
    TRY(json_require_object(root, problem));
    struct json list = json_child(root, "rounds");
    TRY(json_require_list(&list, RUN_ROUNDS_MAX + 1, problem));
    if (json_count(&list) != (size_t)rounds + 1)
        return wrong_count(&list, problem);
    for (int r = 0; r <= rounds; r++) {
        struct json entry = json_item(&list, (size_t)r);
        TRY(json_require_object(&entry, problem));
        TRY(get_hex(&entry, "state", digests[r].state, problem));
        if (r > 0)
            TRY(get_firms(&entry, firms, &digests[r], problem));
    }
    return ERR_OK;
}

enum err run_digests_read(struct arena *arena, const char *world_path, int firms, int rounds,
                          struct run_digest **digests, struct problem *problem)
{
    const char *path = path_join(arena, world_path, "digests.json");
    struct json_document *document;
    struct json root;
    TRY(json_read_file(path, &document, &root, problem));
    *digests = ARENA_ARRAY(arena, struct run_digest, (size_t)rounds + 1);
    enum err code = parse(&root, firms, rounds, *digests, problem);
    json_close(document);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", path);
    return code;
}
