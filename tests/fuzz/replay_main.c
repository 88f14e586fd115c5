/* Replay a kept corpus through one fuzz target in an ordinary build: every file once, each a test.
 *
 *     csv_replay CORPUS_FOLDER
 *
 * Prints lines as cmocka does, for the summariser. A file that breaks its target ends the program
 * (the target aborts, or a sanitizer does), which counts as failed. The empty input is always
 * tried, so a target without a corpus is still a test.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REPLAY_FILE_BYTES_MAX = 1 << 24 };

static void replay(const char *name, const uint8_t *data, size_t size)
{
    printf("[ RUN      ] %s\n", name);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    printf("[       OK ] %s\n", name);
    fflush(stdout);
}

/* Read one file into a block of exactly its size, so that a read past its end is seen. */
static int replay_file(const char *folder, const char *name)
{
    char path[4096];
    struct stat status;
    if (snprintf(path, sizeof(path), "%s/%s", folder, name) >= (int)sizeof(path))
        return 1;
    if (stat(path, &status) != 0 || status.st_size > REPLAY_FILE_BYTES_MAX)
        return 1;
    size_t size = (size_t)status.st_size;
    uint8_t *data = malloc(size > 0 ? size : 1);
    FILE *file = fopen(path, "rb");
    if (data == NULL || file == NULL || fread(data, 1, size, file) != size)
        return 1;
    fclose(file);
    replay(name, data, size);
    free(data);
    return 0;
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        fprintf(stderr, "usage: %s CORPUS_FOLDER\n", arguments[0]);
        return 2;
    }
    uint8_t *nothing = malloc(1);
    replay("(the empty input)", nothing, 0);
    free(nothing);

    struct dirent **entries = NULL;
    int count = scandir(arguments[1], &entries, is_visible, alphasort);
    int unread = 0;
    for (int i = 0; i < count; i++) {
        if (replay_file(arguments[1], entries[i]->d_name) != 0) {
            printf("[ RUN      ] %s\n[  FAILED  ] %s\n", entries[i]->d_name, entries[i]->d_name);
            fprintf(stderr, "[  ERROR   ] %s cannot be read\n", entries[i]->d_name);
            unread = 1;
        }
        free(entries[i]);
    }
    free(entries);
    return unread;
}
