#include "app/datasets/dictionary.h"

#include <string.h>

#include "app/datasets/fields.h"
#include "core/arena.h"

enum { SKUS_AT_FIRST = 4096 };

void dictionary_skus_init(struct dictionary_skus *skus, struct arena *arena)
{
    *skus = (struct dictionary_skus){.arena = arena, .capacity = SKUS_AT_FIRST};
    skus->entries = ARENA_ARRAY(arena, struct dictionary_sku, skus->capacity);
    skus->slot_mask = 2 * skus->capacity - 1;
    skus->slots = ARENA_ARRAY(arena, uint32_t, skus->slot_mask + 1);
}

/* Twice the room. What was outgrown stays in the arena: together less than the new tables. */
static void grow(struct dictionary_skus *skus)
{
    uint32_t capacity = 2 * skus->capacity;
    struct dictionary_sku *entries = ARENA_ARRAY(skus->arena, struct dictionary_sku, capacity);
    memcpy(entries, skus->entries, skus->count * sizeof(*entries));
    skus->entries = entries;
    skus->capacity = capacity;
    skus->slot_mask = 2 * capacity - 1;
    skus->slots = ARENA_ARRAY(skus->arena, uint32_t, skus->slot_mask + 1);
    for (uint32_t i = 0; i < skus->count; i++) {
        uint32_t slot = entries[i].hash & skus->slot_mask;
        while (skus->slots[slot] != 0)
            slot = (slot + 1) & skus->slot_mask;
        skus->slots[slot] = i + 1;
    }
}

static uint32_t add_sku(struct dictionary_skus *skus, struct str code, uint32_t hash)
{
    struct dictionary_sku *entry = &skus->entries[skus->count];
    *entry = (struct dictionary_sku){.code = str_copy(skus->arena, code).text,
                                     .code_length = (uint8_t)code.length,
                                     .title = "",
                                     .hash = hash};
    skus->text_bytes += code.length;
    return skus->count++;
}

bool dictionary_sku(struct dictionary_skus *skus, struct str code, uint32_t *index)
{
    uint32_t hash = (uint32_t)field_hash_fold(code, 1);
    uint32_t slot = hash & skus->slot_mask;
    for (; skus->slots[slot] != 0; slot = (slot + 1) & skus->slot_mask) {
        const struct dictionary_sku *entry = &skus->entries[skus->slots[slot] - 1];
        if (entry->hash == hash &&
            str_equal_ascii_fold((struct str){entry->code, entry->code_length}, code)) {
            *index = skus->slots[slot] - 1;
            return true;
        }
    }
    if (skus->count >= DATASET_SKUS_MAX)
        return false;
    *index = add_sku(skus, code, hash);
    skus->slots[slot] = *index + 1;
    if (skus->count == skus->capacity)
        grow(skus);
    return true;
}

void dictionary_sku_title(struct dictionary_skus *skus, uint32_t index, struct str title)
{
    struct dictionary_sku *entry = &skus->entries[index];
    if (entry->title_length > 0 || skus->text_bytes > DICTIONARY_TEXT_BYTES_MAX)
        return;
    title = str_trim(title);
    title.length = str_utf8_cut(title, DICTIONARY_TITLE_BYTES_MAX);
    entry->title = str_copy(skus->arena, title).text;
    entry->title_length = (uint8_t)title.length;
    skus->text_bytes += title.length;
}

void dictionary_names_init(struct dictionary_names *names, struct arena *arena, uint32_t capacity)
{
    *names = (struct dictionary_names){.arena = arena, .capacity = capacity};
    names->names = ARENA_ARRAY(arena, struct str, capacity);
}

bool dictionary_name(struct dictionary_names *names, struct str name, uint16_t *index)
{
    if (names->last < names->count && str_equal(names->names[names->last], name)) {
        *index = (uint16_t)names->last;
        return true;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        if (str_equal(names->names[i], name)) {
            names->last = i;
            *index = (uint16_t)i;
            return true;
        }
    }
    if (names->count == names->capacity)
        return false;
    names->names[names->count] = str_copy(names->arena, name);
    names->last = names->count;
    *index = (uint16_t)names->count++;
    return true;
}
