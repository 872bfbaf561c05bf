" Drives Vim with ALE: tells which lines have which codes.

let s:scenario = json_decode(join(readfile($DRIVER_IN), "\n"))

function! s:found(buffer) abort
    return filter(copy(get(get(g:ale_buffer_info, a:buffer, {}), 'loclist', [])), 'v:val.linter_name ==# "devbox-lint"')
endfunction

function! s:drive(timer) abort
    let l:buffer = bufnr(s:scenario.file)
    let s:left -= 1
    if len(s:found(l:buffer)) < s:scenario.findings && s:left > 0
        return
    endif
    let l:shown = map(s:found(l:buffer), '[v:val.code, v:val.lnum - 1]')
    let l:other = len(s:found(bufnr(s:scenario.lookalike)))
    call writefile([json_encode({'shown': l:shown, 'lookalike': l:other})], $DRIVER_OUT)
    qall!
endfunction

filetype plugin on
" Else ALE sends the empty text of a file that is shown no more.
set hidden
execute 'edit' s:scenario.lookalike
execute 'edit' s:scenario.file
let s:left = 600
call timer_start(50, function('s:drive'), {'repeat': -1})
