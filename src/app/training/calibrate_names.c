#include "app/training/calibrate_names.h"

#include <string.h>

#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"

static void set_text(char room[MARKET_NAME_MAX], struct str text)
{
    size_t length = str_utf8_cut(text, MARKET_NAME_MAX - 1);
    memcpy(room, text.text, length);
    room[length] = '\0';
}

void calibrate_name_set(struct market_name *name, const char *id, const char *en, const char *zh)
{
    set_text(name->id, str_from_c(id));
    set_text(name->en, str_from_c(en));
    set_text(name->zh, str_from_c(zh));
}

/* The first name of the code in letters of English, and the first in others. */
static void find_names(const struct json *names, const char *id, struct market_name *name)
{
    size_t count = json_count(names);
    bool en = false, zh = false;
    for (size_t i = 0; i < count && !(en && zh); i++) {
        struct json child;
        struct str code, key = str_from_c(json_key_at(names, i, &child));
        if (!json_text(&child, &code) || !str_equal_c(code, id))
            continue;
        bool chinese = key.length > 0 && (unsigned char)key.text[0] >= 0xe3;
        if (chinese && !zh)
            set_text(name->zh, key);
        else if (!chinese && !en)
            set_text(name->en, key);
        zh = zh || chinese;
        en = en || !chinese;
    }
}

enum err calibrate_name_country(const char *data_folder, const char *id, struct market_name *name,
                                struct problem *problem)
{
    calibrate_name_set(name, id, id, id);
    if (strcmp(id, "ZZ") == 0) {
        calibrate_name_set(name, id, "Other countries", "其他国家");
        return ERR_OK;
    }
    struct arena arena;
    struct json_document *document;
    struct json root;
    arena_init(&arena);
    const char *path =
        path_join(&arena, path_join(&arena, data_folder, "import"), "countries.json");
    enum err code = json_read_file(path, &document, &root, problem);
    if (code == ERR_OK) {
        struct json names = json_child(&root, "names");
        find_names(&names, id, name);
        json_close(document);
    }
    arena_clear(&arena);
    return code;
}
