// libFuzzer, called by a program that has a main of its own.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(
    int *_Nonnull argc, char *_Nullable *_Nonnull *_Nonnull argv, int (*_Nonnull callback)(const uint8_t *_Nullable data, size_t size));

/// Changes the first `size` bytes of `data` at random; how many there are then, at most `most`.
size_t LLVMFuzzerMutate(uint8_t *_Nonnull data, size_t size, size_t most);
