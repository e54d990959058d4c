import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from "@nestjs/common";
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from "@nestjs/swagger";
import {
  addNodesSchema,
  machineSchema,
  nodeActionSchema,
  nodeListSchema,
  nodeNamesSchema,
  type MachineView,
  type NodeView,
} from "./node-messages.js";
import { NodesService } from "./nodes.service.js";
import { openApiSchema, parseRequest } from "./request-schema.js";

/** The simulated machines: to look at them, to add some, to take one away. */
@ApiTags("nodes")
@Controller("sim/v1/nodes")
export class NodesController {
  constructor(@Inject(NodesService) private readonly nodes: NodesService) {}

  @Get()
  @ApiOperation({ operationId: "listNodes", summary: "The simulated machines." })
  @ApiResponse({ status: 200, description: "OK", schema: openApiSchema(nodeListSchema) })
  async list(): Promise<{ items: NodeView[] }> {
    return { items: await this.nodes.list() };
  }

  @Post()
  @ApiOperation({ operationId: "addNodes", summary: "Add machines; their kubelets register them." })
  @ApiBody({ schema: openApiSchema(addNodesSchema) })
  @ApiResponse({ status: 201, description: "Added", schema: openApiSchema(nodeNamesSchema) })
  async add(@Body() body: unknown): Promise<{ names: readonly string[] }> {
    return { names: await this.nodes.add(parseRequest(addNodesSchema, body ?? {})) };
  }

  @Post(":name/actions")
  @HttpCode(200)
  @ApiOperation({
    operationId: "actOnNode",
    summary: "Take a machine down, cut it off, reboot it or bring it back.",
  })
  @ApiBody({ schema: openApiSchema(nodeActionSchema) })
  @ApiResponse({ status: 200, description: "Done", schema: openApiSchema(machineSchema) })
  @ApiResponse({ status: 404, description: "There is no such machine." })
  async act(@Param("name") name: string, @Body() body: unknown): Promise<MachineView> {
    const { action } = parseRequest(nodeActionSchema, body ?? {});
    return this.nodes.act(name, action);
  }

  @Delete(":name")
  @HttpCode(200)
  @ApiOperation({
    operationId: "removeNode",
    summary: "Take a machine away, with its Node object.",
  })
  @ApiResponse({ status: 200, description: "Removed", schema: openApiSchema(nodeNamesSchema) })
  @ApiResponse({ status: 404, description: "There is no such machine." })
  async remove(@Param("name") name: string): Promise<{ names: readonly string[] }> {
    return { names: await this.nodes.remove(name) };
  }
}
