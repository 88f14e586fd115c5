/* builtin: files inside the program, read as if they lay in a folder named "builtin:".
 *
 * Purpose  One file of a program can be copied alone to a machine and knows its facts and
 * scenarios. Owns     A pointer to the table that main hands over once, before any thread starts;
 * nothing else. file_read and file_exists (core/file.h) ask it for paths that begin with
 * "builtin:".
 */
#ifndef CORE_BUILTIN_H
#define CORE_BUILTIN_H

#include "core/base.h"
#include "core/str.h"

#define BUILTIN_FOLDER "builtin:"

struct builtin_file {
    const char *name; /* "trade/rules.csv" */
    struct str content;
};

/* The table lives as long as the program. */
void builtin_set(const struct builtin_file *files, size_t count);
/* The file of "builtin:trade/rules.csv" ("/", "." and ".." are resolved); false when the path is of
 * another kind or names none. */
bool builtin_find(const char *path, struct str *content);

#endif
