/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.pml: a model, for spin, of how walkers share work (src/tree/queue.c, position.c,
   share.c) and of the death of walkers at any step.  Each STEP is one store that others,
   or whoever takes over, can see.  `sh scripts/model' checks it:

   - every name is dealt with, and only a name in the hand of a walker that died is dealt
     with again, once for each death;
   - nobody waits forever, and all walkers end.

   A walker that dies is replaced at once, in the same seat, by one that finds what is in
   shared memory, and nothing else.  */

#ifndef W
# define W 3		/* walkers */
#endif
#ifndef N
# define N 4		/* names */
#endif
#ifndef DEATHS
# define DEATHS 2
#endif
#define RING 2		/* tasks that the queue has room for */
#define NOBODY 255

mtype = { busy, idle, called };

/* The queue.  */
byte holder = NOBODY;			/* of the lock */
byte head, tail;
byte ring_from[RING], ring_to[RING];
mtype state[W];
byte taken[W], taken_from[W], taken_to[W];	/* in the seats: number and names */
bool ended;
bool rung[W], parent_rung;

/* The positions: a level with the names next to end, and what is being given.  */
bool level[W];
byte level_task[W], next[W], end[W], begun_task[W];
byte giving[W], giving_from[W];

byte done[N];				/* how often each name was dealt with */
byte deaths;

#define STEP(what) \
	if \
	:: atomic { true -> what } \
	:: atomic { deaths < DEATHS -> deaths++; goto died } \
	fi

#define IS_DONE \
	(head == tail && state[0] != busy && state[0] != called \
	 && state[1] != busy && state[1] != called \
	 && (W < 3 || (state[W - 1] != busy && state[W - 1] != called)))

proctype walker(byte me)
{
	byte cut, other, got;

work:
	do
	:: level[me] && next[me] < end[me] ->
		other = 0;
		do	/* Is anybody idle?  */
		:: other < W && state[other] == idle -> break
		:: other < W && state[other] != idle -> other++
		:: other == W -> break
		od;
		if
		:: other < W && next[me] + 1 < end[me] ->
			cut = end[me] - (end[me] - next[me]) / 2;
			STEP(giving_from[me] = cut);
			STEP(holder == NOBODY -> holder = me);
			if
			:: tail - head < RING ->
				ring_from[tail % RING] = cut;
				ring_to[tail % RING] = end[me];
				STEP(giving[me] = tail + 1);
				STEP(tail++);
				other = 0;
				do
				:: other < W && state[other] == idle ->
					STEP(state[other] = called);
					break
				:: other < W && state[other] != idle -> other++
				:: other == W -> break
				od;
				STEP(holder = NOBODY);
				if
				:: other < W -> STEP(rung[other] = true)
				:: else
				fi;
				STEP(end[me] = cut);
			:: else ->
				STEP(holder = NOBODY)
			fi;
			STEP(giving[me] = 0)
		:: else
		fi;
		STEP(done[next[me]]++);
		STEP(next[me]++)
	:: level[me] && next[me] == end[me] ->
		STEP(level[me] = false)
	:: !level[me] ->
		STEP(holder == NOBODY -> holder = me);
		if
		:: head < tail ->
			taken_from[me] = ring_from[head % RING];
			taken_to[me] = ring_to[head % RING];
			STEP(taken[me] = head + 1);
			STEP(state[me] = busy);
			STEP(head++);
			STEP(holder = NOBODY);
			goto begin
		:: else ->
			STEP(state[me] = idle);
			got = IS_DONE;
			STEP(holder = NOBODY);
			if
			:: ended -> goto out
			:: else
			fi;
			if
			:: got -> STEP(parent_rung = true)
			:: else
			fi;
			STEP(rung[me] -> rung[me] = false)
		fi
	od;

begin:	/* Make a level for the task in the seat.  */
	atomic {
		next[me] = taken_from[me];
		end[me] = taken_to[me];
		level_task[me] = taken[me]
	};
	STEP(level[me] = true);
	STEP(begun_task[me] = taken[me]);
	goto work;

died:	/* The kernel gives the lock up, and the parent forks another one.  */
	atomic {
		if
		:: holder == me -> holder = NOBODY
		:: else
		fi;
		parent_rung = true;
	};
	atomic {	/* queue_seat */
		holder == NOBODY -> state[me] = busy
	};
	/* position_adopt */
	if
	:: giving[me] != 0 && giving[me] <= tail -> STEP(end[me] = giving_from[me])
	:: else
	fi;
	STEP(giving[me] = 0);
	if
	:: level[me] && level_task[me] == taken[me] -> STEP(begun_task[me] = taken[me])
	:: else
	fi;
	if
	:: taken[me] != 0 && taken[me] <= head && begun_task[me] != taken[me] -> goto begin
	:: else -> goto work
	fi;
out:
	skip
}

init
{
	byte i, sum;

	atomic {
		state[0] = busy;
		level[0] = true;
		end[0] = N;
		i = 1;
		do
		:: i < W -> state[i] = busy; i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < W -> run walker(i); i++
		:: else -> break
		od
	};
	do
	:: parent_rung ->
		parent_rung = false;
		atomic {
			if
			:: holder == NOBODY && IS_DONE -> break
			:: holder != NOBODY -> parent_rung = true
			:: else
			fi
		}
	od;
	atomic {
		ended = true;
		i = 0;
		do
		:: i < W -> rung[i] = true; i++
		:: else -> break
		od
	};
	_nr_pr == 1;
	i = 0;
	do
	:: i < N -> assert(done[i] >= 1); sum = sum + done[i]; i++
	:: else -> break
	od;
	assert(sum <= N + deaths)
}
