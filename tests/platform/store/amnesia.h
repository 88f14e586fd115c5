/* A SQLite file layer that can forget, for tests: it passes everything to the usual one and keeps
 * what was written since the last sync of each file. A cut ends all writing at once; a strike then
 * makes the files what a disk would hold after the power failed. It can also play a full disk and a
 * sync that fails. One test uses it at a time. */
#ifndef TESTS_STORE_AMNESIA_H
#define TESTS_STORE_AMNESIA_H

#include "core/base.h"

#define AMNESIA_VFS "amnesia"

/* Known to SQLite from now on; all failures off, nothing remembered. */
void amnesia_reset(void);
/* After so many more writes and syncs nothing reaches the files any more; 0: never. */
void amnesia_cut_after(int64_t steps);
bool amnesia_is_cut(void);
/* With every connection closed: the files lose what was not synced. With `scatter` each such write
 * is lost, kept or torn at a sector by `seed` instead, as a disk that reorders would do. */
void amnesia_strike(bool scatter, uint64_t seed);
/* Bytes written and not synced by now. */
int64_t amnesia_unsynced(void);
/* Every write answers "disk full"; every sync fails. */
void amnesia_set_full(bool full);
void amnesia_set_sync_failing(bool failing);
int64_t amnesia_sync_count(void);

#endif
