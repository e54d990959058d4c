/**
 * Work that pure code has done for the process that runs, deep inside where no system call is at hand: matching, formatting, cutting a long text. One process
 * runs at a time, so one number is enough; the kernel takes it whenever that process is charged or gives way.
 */
let notedSteps = 0;

/** @param steps as in `Sys.charge` */
export const noteWork = (steps: number): void => {
  notedSteps += steps;
};

/** What is noted, without taking it: loops that hand out many small results look whether it is time to be charged. */
export const notedWork = (): number => notedSteps;

/** What was noted since the last time, in steps. */
export const takeNotedWork = (): number => {
  const steps = notedSteps;
  notedSteps = 0;
  return steps;
};
