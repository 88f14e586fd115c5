/* base: the few words every file of the house uses. */
#ifndef CORE_BASE_H
#define CORE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A result that must not be dropped. Stands first in the prototype of every function that returns
 * `enum err`; a test finds prototypes without it. */
#define MUST_USE __attribute__((warn_unused_result))

/* 128-bit integers for exact products; both compilers of the house have them. */
__extension__ typedef __int128 int128;
__extension__ typedef unsigned __int128 uint128;

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Return early with the first error; the callee has already filled the problem. */
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum err try_code_ = (call);                                                               \
        if (try_code_ != ERR_OK)                                                                   \
            return try_code_;                                                                      \
    } while (0)

#endif
