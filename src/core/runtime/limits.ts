/** Bytes a pipe holds before its writer waits: 16 pages, pipe(7). */
export const PIPE_BYTES = 65_536;
/** Writes up to this size go into a pipe whole or not at all: PIPE_BUF, pipe(7). */
export const PIPE_ATOMIC_BYTES = 4096;
/** Bytes on their way in one direction of a connection. */
export const SOCKET_BYTES = 65_536;
/** Connections waiting to be accepted at most: net.core.somaxconn. */
export const LISTEN_BACKLOG = 4096;
/** Descriptors of one process: the soft RLIMIT_NOFILE that containerd gives. */
export const DESCRIPTORS_PER_PROCESS = 1024;
/** The longest argument list, all strings together: a quarter of the 8 MiB stack, execve(2). */
export const ARGUMENT_BYTES = 2_097_152;
/** One argument: MAX_ARG_STRLEN, execve(2). */
export const ARGUMENT_STRING_BYTES = 131_072;
/** Interpreters that follow one another before ELOOP: BINPRM_MAX_RECURSION, fs/exec.c. */
export const INTERPRETER_DEPTH = 5;

/**
 * Processes of one container, zombies included. The kubelet's default (podPidsLimit -1) leaves it to the machine; a bound of the size that clouds set
 * (1024) keeps a fork bomb small.
 */
export const PROCESSES_PER_CONTAINER = 1024;
/** Processes of one node: kernel.pid_max is 4194304 on 64 bits, and a simulated machine is smaller. */
export const PROCESSES_PER_NODE = 32_768;

/** Real memory that the programs of one container may hold (`allocate`), however much the simulated machine has. */
export const HELD_MEMORY_PER_CONTAINER = 64 * 1_048_576;

/** The same for all containers of a cluster together: past it the one that holds most, on the node where more is asked for, is out of memory. */
export const HELD_MEMORY_IN_ALL = 768 * 1_048_576;

/** CPU time that a process uses before it lets others go on, in virtual microseconds. */
export const SLICE_MICROSECONDS = 4000;
/** The most work in one go, so that whoever drives the simulation is back soon. */
export const SLICE_STEPS = 400;
/** What one step of work takes on a simulated core. */
export const STEP_MICROSECONDS = 2;
/** A system call on a path: about a microsecond on Linux, several in a simulator. */
export const CALL_MICROSECONDS = 1;
export const CALL_STEPS = 0.5;
/** Paths up to this length are part of the call; of longer ones so many characters are a step. */
export const FREE_PATH_LENGTH = 256;
export const PATH_LENGTH_PER_STEP = 256;
export const STEPS_PER_DIRECTORY_ENTRY = 1 / 16;
/** Making a process, with everything around it: busybox forks, execs and exits in about half a millisecond. */
export const SPAWN_MICROSECONDS = 300;
export const SPAWN_STEPS = 8;
/**
 * Work that a container may do at the full speed of a core before it is slowed down. Short scripts never get there; an endless loop does within
 * a fraction of a virtual second.
 */
export const BURST_STEPS = 20_000;
/** Steps in a virtual second of a container that has used up its burst: what bounds the real cost of a virtual second. */
export const SUSTAINED_STEPS_PER_SECOND = 2500;
/** The same for all such containers of a cluster together. */
export const SUSTAINED_STEPS_PER_SECOND_IN_ALL = 30_000;

/** A log line is cut into parts of this size: containerd's max_container_log_line_size, 2.x. */
export const LOG_LINE_BYTES = 16_384;
/** The kubelet rotates a log file at this size: containerLogMaxSize, pkg/kubelet/apis/config/v1beta1/defaults.go, 1.34. */
export const LOG_FILE_BYTES = 10 * 1_048_576;
/** and keeps so many: containerLogMaxFiles, ibid. */
export const LOG_FILES = 5;
/** Real memory for the log of one container instance; older lines go first. */
export const LOG_HELD_BYTES_PER_CONTAINER = 10 * 1_048_576;
/** and for all logs of a node. */
export const LOG_HELD_BYTES_PER_NODE = 64 * 1_048_576;

/** The kubelet reads so much of a termination message: MaxContainerTerminationMessageLength, pkg/kubelet/container/runtime.go, 1.34. */
export const TERMINATION_MESSAGE_BYTES = 4096;
/** Output of execSync that is kept: maxRespBodyLength-like bound of exec probes, pkg/probe/exec/exec.go, 1.34. */
export const EXEC_OUTPUT_BYTES = 1_048_576;
/** Output of an exec session that has not gone on its way yet; a command that writes more waits. As much as a pipe holds, pipe(7). */
export const EXEC_WINDOW_BYTES = 65_536;
/** Input of an exec session that nobody has read yet. */
export const EXEC_INPUT_BYTES = 2 * 1_048_576;
/** The longest line that a terminal gathers before it is read: N_TTY_BUF_SIZE, drivers/tty/n_tty.c. */
export const TERMINAL_LINE_BYTES = 4096;
/** Of an HTTP answer to the node: maxRespBodyLength, pkg/probe/http/http.go, 1.34. */
export const PROBE_BODY_BYTES = 10_240;
/** Head of an HTTP message. */
export const HTTP_HEAD_BYTES = 65_536;
/** Body of an HTTP request to a program of the catalogue. */
export const HTTP_BODY_BYTES = 1_048_576;
/** System V objects of one kind in one pod: SHMMNI, include/uapi/linux/shm.h; the others would allow 32,000. */
export const IPC_OBJECTS_PER_NAMESPACE = 4096;
/** Process numbers of a machine below this one belong to what runs on it before any pod does. */
export const FIRST_HOST_PID = 1000;

/** The longest /etc/passwd or /etc/group that is kept split into its fields; an image's has a few hundred bytes. */
export const MAX_REMEMBERED_ACCOUNT_BYTES = 16_384;

/** Requests that one server of the catalogue works on at once; further ones wait until one of them is answered. */
export const TASKS_PER_PROCESS = 256;
