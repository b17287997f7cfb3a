/* SPDX-License-Identifier: GPL-3.0-or-later */
/* queue.pml: a model, for spin, of how walkers share work (src/tree/queue.c, position.c,
   share.c) and of the death of walkers at any step.  Each STEP is one store that others,
   or whoever takes over, can see.  `sh scripts/model' checks it:

   - every name is dealt with, and only a name in the hand of a walker that died is dealt
     with again, once for each death;
   - nobody waits forever, and all walkers end.

   A walker that dies is buried by the parent, and replaced, in the same seat, by one that
   finds what is in shared memory, and nothing else.  What nobody reads any more is set to
   0 only here: there is less to go through.  */

#ifndef W
# define W 3		/* walkers, 2 or 3 */
#endif
#ifndef N
# define N 4		/* names */
#endif
#ifndef HAVE
# define HAVE 1		/* walkers that have names at the beginning */
#endif
#ifndef DEATHS
# define DEATHS 2
#endif
#define RING 2		/* tasks that the queue has room for */
#define NOBODY 255

mtype = { vacant, busy, idle, called };

/* The queue.  */
byte holder = NOBODY;			/* of the lock */
bool dirty;				/* who had it died */
byte head, tail;
byte ring_from[RING], ring_to[RING];
byte idlers;				/* as they were counted the last time */
bool ended;
bool rung[W], parent_rung;

/* The seats.  */
mtype state[W];
byte taken[W], taken_from[W], taken_to[W];	/* the number of a task, and its names */
byte giving[W];

/* The positions: a level with the names next to end, and where what is given begins.  */
bool level[W];
byte level_task[W], next[W], end[W], begun_task[W];
byte giving_from[W];

bool parent_works;			/* it can't do two things at once */
byte done[N];				/* how often each name was dealt with */
byte died_at[N];			/* how often somebody died with it in hand */
byte deaths;

#define STEP(what) \
	if \
	:: atomic { true -> what } \
	:: atomic { deaths < DEATHS -> deaths++; goto died } \
	fi

#define WORKS(i) (state[i] == busy || state[i] == called)
#define IS_DONE (head == tail && !WORKS(0) && !WORKS(1) && !(W > 2 && WORKS(W - 1)))

#define IDLE(i) (state[i] == idle -> 1 : 0)
#define COUNT_IDLE \
	idlers = IDLE(0) + IDLE(1) + (W > 2 -> IDLE(W - 1) : 0)

/* take_back, for the seat I.  */
#define TAKE_BACK(i) \
	giving[i] = (giving[i] > tail -> 0 : giving[i]); \
	taken[i] = (taken[i] > head -> 0 : taken[i])

#define TAKE_BACK_ALL \
	if \
	:: dirty -> \
		TAKE_BACK(0); \
		TAKE_BACK(1); \
		TAKE_BACK(W - 1); \
		dirty = false \
	:: else \
	fi

#define LOCK holder == NOBODY -> holder = me; TAKE_BACK_ALL
#define UNLOCK COUNT_IDLE; holder = NOBODY

#define RING_ALL \
	rung[0] = true; \
	rung[1] = true; \
	rung[W - 1] = true

proctype walker(byte me)
{
	byte cut, other;
	bool got;

work:
	do
	:: atomic { level[me] && next[me] < end[me] ->
		if
		:: idlers > 0 && next[me] + 1 < end[me] ->
			cut = end[me] - (end[me] - next[me]) / 2;
			giving_from[me] = cut
		:: else -> goto deal
		fi };
		STEP(LOCK);
		if
		:: tail - head < RING ->
			atomic {
				ring_from[tail % RING] = cut;
				ring_to[tail % RING] = end[me]
			};
			STEP(giving[me] = tail + 1);
			STEP(tail++);
			atomic {
				other = 0;
				do
				:: other < W && state[other] != idle -> other++
				:: else -> break
				od
			};
			if
			:: other < W -> STEP(state[other] = called)
			:: else
			fi;
			STEP(UNLOCK);
			if
			:: other < W -> STEP(rung[other] = true)
			:: else
			fi;
			STEP(end[me] = cut)
		:: else ->
			STEP(UNLOCK)
		fi;
		STEP(giving[me] = 0; giving_from[me] = 0; cut = 0; other = 0);
deal:
		STEP(done[next[me]]++);
		STEP(next[me]++)
	:: atomic { level[me] && next[me] == end[me] ->
		level[me] = false;
		next[me] = 0;
		end[me] = 0 }
	:: !level[me] ->
		STEP(LOCK);
		if
		:: head < tail ->
			atomic {
				taken_from[me] = ring_from[head % RING];
				taken_to[me] = ring_to[head % RING];
				taken[me] = head + 1
			};
			STEP(state[me] = busy);
			STEP(ring_from[head % RING] = 0; ring_to[head % RING] = 0; head++);
			STEP(UNLOCK);
			goto begin
		:: else ->
			STEP(state[me] = idle);
			got = IS_DONE;
			STEP(UNLOCK);
			if
			:: ended -> goto out
			:: else
			fi;
			if
			:: got -> STEP(parent_rung = true; got = false)
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
	STEP(begun_task[me] = taken[me]; taken_from[me] = 0; taken_to[me] = 0);
	goto work;

died:	/* The kernel gives the lock up.  */
	atomic {
		cut = 0;
		other = 0;
		got = false;
		if
		:: holder == me -> holder = NOBODY; dirty = true
		:: else
		fi;
		if
		:: level[me] && next[me] < end[me] -> died_at[next[me]]++
		:: else
		fi
	};
	/* The parent buries it: queue_leave, queue_ring_all, queue_seat.  */
	atomic { !parent_works -> parent_works = true };
	atomic {
		holder == NOBODY ->
		TAKE_BACK_ALL;
		state[me] = vacant;
		COUNT_IDLE;
		if
		:: ended -> parent_works = false; goto out
		:: else
		fi
	};
	atomic { RING_ALL };
	atomic {
		holder == NOBODY ->
		TAKE_BACK_ALL;
		state[me] = busy;
		COUNT_IDLE;
		parent_rung = true;
		parent_works = false
	};
	/* teamwork_adopt */
	if
	:: giving[me] != 0 && giving[me] <= tail -> STEP(end[me] = giving_from[me])
	:: else
	fi;
	STEP(giving[me] = 0; giving_from[me] = 0);
	if
	:: level[me] && level_task[me] == taken[me] ->
		STEP(begun_task[me] = taken[me]; taken_from[me] = 0; taken_to[me] = 0)
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
	byte i;

	atomic {
		do
		:: i < HAVE -> level[i] = true; next[i] = i * N / HAVE;
			end[i] = (i + 1) * N / HAVE; i++
		:: else -> break
		od;
		i = 0;
		do
		:: i < W -> state[i] = busy; run walker(i); i++
		:: else -> break
		od
	};
	do
	:: atomic { parent_rung && !parent_works && holder == NOBODY ->
		parent_rung = false;
		TAKE_BACK_ALL;
		if
		:: IS_DONE -> break
		:: else
		fi }
	od;
	atomic { ended = true; RING_ALL };
	_nr_pr == 1;
	i = 0;
	do
	:: i < N ->
		assert(done[i] >= 1);
		assert(done[i] <= 1 + died_at[i]);
		i++
	:: else -> break
	od
}
