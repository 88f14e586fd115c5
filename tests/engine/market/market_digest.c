/* Prints the digest of the fixed worlds, for comparing builds: market_digest --threads N. It is
 * built from this one file beside the engine's archive, so its parts are included. */
#include <stdlib.h>

#include "digest_play.c"
#include "play.c"
#include "world.c"

int main(int argc, char **argv)
{
    int threads = 1;
    if (argc == 3 && strcmp(argv[1], "--threads") == 0)
        threads = (int)strtol(argv[2], NULL, 10);
    char hex[DIGEST_HEX_MAX];
    digest_play(threads, hex);
    printf("market %d %s\n", MARKET_ENGINE_VERSION, hex);
    return 0;
}
