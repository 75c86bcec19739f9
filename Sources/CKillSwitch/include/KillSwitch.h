#ifndef KILL_SWITCH_H
#define KILL_SWITCH_H

// A library for LD_PRELOAD, used by tests only: it counts a process's syncs or writes of chosen files and ends the process
// with SIGKILL at one of them. Nothing in the product knows of it.
//
// KILL_SWITCH_PATH   counted are descriptors whose path contains this text; without it nothing is
// KILL_SWITCH_CALL   sync (fsync and fdatasync, the default) or write (write, pwrite and pwrite64)
// KILL_SWITCH_AT     the number of the call at which the process ends, from 1
// KILL_SWITCH_PHASE  before (the default), after, or half: after the first half of the bytes of a write
// KILL_SWITCH_COUNT  a file that gets the number of calls at exit

#endif
