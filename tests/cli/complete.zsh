# SPDX-License-Identifier: GPL-3.0-or-later
# complete.zsh COMPLETIONS QUERIES ANSWERS: what zsh offers for each line of QUERIES, in
# the files ANSWERS.1, ANSWERS.2 and so on.  Completion wants the line editor, and that a
# terminal: so a second zsh has a pseudo terminal, and asks as soon as its editor begins
# with a line.  It ends by itself, and we with it.
zmodload zsh/zpty || exit 1
completions=$1 queries=$2 answers=$3
export ZDOTDIR=$answers.zsh TERM=dumb
mkdir $ZDOTDIR || exit 1

{
	print -r "fpath=(${(q)completions} \$fpath) answers=${(q)answers}"
	print -r "queries=(\"\${(@f)\$(<${(q)queries})}\")"
	<<-'END'
	autoload -Uz compinit && compinit -u -D || exit 1
	zstyle ':completion:*' completer _complete
	alias cp=mmcp
	unset zle_bracketed_paste
	integer n=0
	typeset -a hits

	# As compadd does, and remember it; those with -O, -A or -D add nothing.
	compadd() {
		if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\ * ]]; then
			typeset -a found
			builtin compadd -A found "$@"
			hits+=("${(@)found}")
		fi
		builtin compadd "$@"
	}
	look() { _main_complete; compstate[insert]= compstate[list]= }
	zle -C look list-choices look
	zle-line-init() {
		for BUFFER in "${(@)queries}"; do
			CURSOR=$#BUFFER hits=() n+=1
			zle look
			print -rl -- $hits >$answers.$n
		done
		exit
	}
	zle -N zle-line-init
	END
} >$ZDOTDIR/.zshrc
# exec, so that nothing lies between us and it.
zpty asked 'exec zsh -d -i'
while zpty -r asked line; do print -r -- "$line"; done >$answers.log
[[ -e $answers.1 ]]
