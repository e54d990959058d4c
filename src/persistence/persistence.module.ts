import { Module } from "@nestjs/common";
import { getDataSourceToken, TypeOrmModule } from "@nestjs/typeorm";
import type { DataSource } from "typeorm";
import { CONFIG, type Config } from "../config/index.js";
import { openDatabase } from "./data-source.js";
import { JOURNAL, type Journal } from "./journal.js";
import { JournalRepository } from "./journal.repository.js";

/** Opens the database of the configuration and offers the journal on it. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        type: "sqlite" as const,
        database: config.database,
        // A database that cannot be used now ends the start with one line; waiting would only hide it.
        retryAttempts: 0,
      }),
      dataSourceFactory: (options) => openDatabase(String(options?.database)),
    }),
  ],
  providers: [
    {
      provide: JOURNAL,
      inject: [getDataSourceToken()],
      useFactory: (dataSource: DataSource): Journal => new JournalRepository(dataSource),
    },
  ],
  exports: [JOURNAL],
})
export class PersistenceModule {}
