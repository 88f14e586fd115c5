/* dictionary: texts that repeat become small numbers.
 *
 * Open addressing over hashes, texts in the caller's arena. Stock codes compare without case of
 * ASCII letters and carry the marks of the rules, computed once a code.
 */
#ifndef APP_DATASETS_DICTIONARY_H
#define APP_DATASETS_DICTIONARY_H

#include "app/datasets/datasets.h"
#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum {
    DICTIONARY_CODE_BYTES_MAX = 64,
    DICTIONARY_TITLE_BYTES_MAX = 200,
    DICTIONARY_TEXT_BYTES_MAX = 24 << 20, /* of codes and titles; further titles are left out */
    DICTIONARY_NOT_MARKED = 0
};

struct dictionary_sku {
    const char *code;
    const char *title;
    uint64_t marks; /* of the rules of the file that named it last */
    uint8_t code_length;
    uint8_t title_length;
    bool is_nonproduct;
    uint16_t rules; /* which rules `marks` belong to, from 1; DICTIONARY_NOT_MARKED */
    uint32_t hash;
};

struct dictionary_skus {
    struct arena *arena;
    struct dictionary_sku *entries;
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* index + 1; 0: free */
    uint32_t slot_mask;
    size_t text_bytes;
};

void dictionary_skus_init(struct dictionary_skus *skus, struct arena *arena);
/* Index of a code (1 .. DICTIONARY_CODE_BYTES_MAX bytes), made when it is new; false when there
 * are DATASET_SKUS_MAX already. */
bool dictionary_sku(struct dictionary_skus *skus, struct str code, uint32_t *index);
/* The first title that is not empty stays. */
void dictionary_sku_title(struct dictionary_skus *skus, uint32_t index, struct str title);

/* A short list of names: countries, channels, currencies. Linear, with the last hit first. */
struct dictionary_names {
    struct arena *arena;
    struct str *names;
    uint32_t count;
    uint32_t capacity;
    uint32_t last;
};

void dictionary_names_init(struct dictionary_names *names, struct arena *arena, uint32_t capacity);
bool dictionary_name(struct dictionary_names *names, struct str name, uint16_t *index);

#endif
