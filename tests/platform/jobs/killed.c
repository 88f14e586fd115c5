/* Works at jobs and says so, until it is killed or told to end. For kill_test.c.
 *
 *     killed FOLDER NOW_MS [ARGUMENTS]     with ARGUMENTS it first enters a job of the kind
 * "effect"
 *
 * Prints "job ID" for the one it entered, "begun ATTEMPT" and "written ATTEMPT" for what the
 * function does; ends in order when its input is closed.
 */
#include <stdio.h>
#include <unistd.h>

#include "site.h"

int main(int argc, char **argv)
{
    static struct site site;
    int64_t now_ms;
    char byte;
    if (argc < 3 || !str_to_int64(str_from_c(argv[2]), &now_ms))
        return 2;
    site_open(&site, argv[1], now_ms);
    site.says = true;
    if (argc > 3)
        dprintf(STDOUT_FILENO, "job %lld\n", (long long)site_enqueue(&site, "effect", argv[3], ""));
    site_start(&site);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        continue;
    site_close(&site);
    return 0;
}
