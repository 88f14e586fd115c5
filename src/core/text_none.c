#include "core/text_table.h"
const struct text_entry text_table_zh[] = {{"", ""}};
const size_t text_table_zh_count = 0;
