import { Module } from "@nestjs/common";
import { CONFIG, type Config } from "../config/index.js";
import { JOURNAL, PersistenceModule, type Journal } from "../persistence/index.js";
import { ClockController } from "./clock.controller.js";
import { CLUSTER_FACTORY, type ClusterFactory } from "./cluster-port.js";
import { createCluster } from "./create-cluster.js";
import { NodesController } from "./nodes.controller.js";
import { NodesService } from "./nodes.service.js";
import { systemWallClock } from "./pacer.js";
import { SimulationService } from "./simulation.service.js";
import { startSimulation } from "./start-simulation.js";
import { WALL_CLOCK, type WallClock } from "./wall-clock.js";

/** The home of the Cluster. */
@Module({
  imports: [PersistenceModule],
  controllers: [ClockController, NodesController],
  providers: [
    NodesService,
    { provide: WALL_CLOCK, useValue: systemWallClock },
    { provide: CLUSTER_FACTORY, useValue: createCluster },
    {
      provide: SimulationService,
      inject: [CONFIG, JOURNAL, WALL_CLOCK, CLUSTER_FACTORY],
      useFactory: (
        config: Config,
        journal: Journal,
        wall: WallClock,
        factory: ClusterFactory,
      ): Promise<SimulationService> =>
        startSimulation({ config, journal, wall, createCluster: factory }),
    },
  ],
  exports: [SimulationService, PersistenceModule],
})
export class SimulationModule {}
