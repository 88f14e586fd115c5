/* web/static_files: the files of static/ and of the npm packages, inside the program.
 *
 * Made by tools/embed; served at /static/NAME. A template's literal address of one gets its tag
 * behind (?v=TAG), so that a browser keeps it until it changes.
 */
#ifndef PLATFORM_WEB_STATIC_FILES_H
#define PLATFORM_WEB_STATIC_FILES_H

#include "core/str.h"
#include "platform/web/web.h"

/* Sorted by path, bytewise. */
extern const struct web_file static_files[];
extern const size_t static_file_count;

/* The file of a path without "/static/", or NULL. */
const struct web_file *static_file_find(struct str path);

#endif
