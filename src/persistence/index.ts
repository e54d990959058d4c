export { DatabaseError } from "./database-error.js";
export { createDataSource, openDatabase } from "./data-source.js";
export { JOURNAL, type HistoryFilter, type Journal, type PodAt } from "./journal.js";
export { JournalRepository } from "./journal.repository.js";
export { podOf } from "./journal-rows.js";
export { PersistenceModule } from "./persistence.module.js";
