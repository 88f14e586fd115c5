/* Plays fixed worlds (policies and random decisions) and digests every state, observation and
 * journal entry: the same bytes with any compiler, optimisation and number of threads. */
#ifndef TESTS_ENGINE_MARKET_DIGEST_PLAY_H
#define TESTS_ENGINE_MARKET_DIGEST_PLAY_H

#include "core/digest.h"

enum { DIGEST_WORLDS = 6, DIGEST_ROUNDS = 6 };

/* The digest of worlds 0 .. DIGEST_WORLDS-1, in that order, played on `threads` threads. */
void digest_play(int threads, char hex[DIGEST_HEX_MAX]);

#endif
