/* people: the order of names. */
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "app/people/people.h"
#include "core/arena.h"

enum { NAME_UNITS_MAX = 1024 };

/* A collator is dear to open and may be used by one thread at a time only, so each call clones none
 * and opens its own; keys are made when a name is saved, not when it is read. */
struct str people_sort_key(struct arena *arena, struct str name)
{
    UErrorCode code = U_ZERO_ERROR;
    UChar units[NAME_UNITS_MAX];
    int32_t length = 0;
    u_strFromUTF8WithSub(units, NAME_UNITS_MAX, &length, name.text, (int32_t)name.length, 0xfffd,
                         NULL, &code);
    UCollator *order = U_SUCCESS(code) ? ucol_open("zh@collation=pinyin", &code) : NULL;
    if (U_FAILURE(code)) {
        if (order != NULL)
            ucol_close(order);
        return str_copy(arena, name);
    }
    int32_t bytes = ucol_getSortKey(order, units, length, NULL, 0);
    uint8_t *key = ARENA_ARRAY(arena, uint8_t, (size_t)bytes + 1);
    bytes = ucol_getSortKey(order, units, length, key, bytes);
    ucol_close(order);
    /* ICU ends its keys with a zero byte, which says nothing. */
    return (struct str){(const char *)key, bytes > 0 ? (size_t)bytes - 1 : 0};
}
