/* stub_store: a store without a database, for tests of web alone. */
#ifndef TESTS_PLATFORM_WEB_STUB_STORE_H
#define TESTS_PLATFORM_WEB_STUB_STORE_H

#include "platform/store/store.h"

struct store *stub_store_open(void);
void stub_store_close(struct store *store);
/* While held, what is submitted waits. */
void stub_store_hold(struct store *store, bool held);
int stub_store_commits(struct store *store);
int stub_store_rollbacks(struct store *store);
int stub_store_reads_open(struct store *store);

#endif
