/* text_table: what tools/po2c.c makes of a .po file. */
#ifndef CORE_TEXT_TABLE_H
#define CORE_TEXT_TABLE_H

#include "core/base.h"

struct text_entry {
    const char *key; /* the English text */
    const char *translation;
};

/* Sorted by the bytes of the key. */
extern const struct text_entry text_table_zh[];
extern const size_t text_table_zh_count;

#endif
