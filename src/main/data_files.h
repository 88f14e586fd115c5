/* main/data_files: the files of data/, inside the program; made by tools/embed from
 * data/meson.build. */
#ifndef MAIN_DATA_FILES_H
#define MAIN_DATA_FILES_H

#include "core/builtin.h"

extern const struct builtin_file data_files[];
extern const size_t data_file_count;

#endif
