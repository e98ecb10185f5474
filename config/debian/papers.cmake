# SPDX-License-Identifier: Apache-2.0
# Writes manual page, completions and changelog to `papers`, by `program`. Compressed without a date, so that the same
# sources give the same package.
file(MAKE_DIRECTORY ${papers})

function(write file)
    execute_process(COMMAND ${program} ${ARGN} OUTPUT_FILE ${papers}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

function(compress from to)
    execute_process(COMMAND gzip -9cn ${from} OUTPUT_FILE ${papers}/${to} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

write(cosdiag.1 man)
compress(${papers}/cosdiag.1 cosdiag.1.gz)
compress(${changelog} changelog.gz)
foreach(shell bash zsh fish)
    write(cosdiag.${shell} completion ${shell})
endforeach()
