# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranks that share the names of a tree by messages, simulated.

An event is a message, never a file: a rank that has a million names is one event until
somebody wants half of them.  Times are in microseconds.  The same numbers come out on
each machine."""

import collections
import heapq
import itertools
import random

from bench.names import Level, NameTimes, Tree

NAME_BYTES = 24         # of a name in a task
TASK_NAMES = 128 * 1024 // NAME_BYTES
BYTE = .0005            # microseconds a byte of a task
WANTS = 8               # ranks that may be asked for a task at a time
GROUP = 64              # ranks of a broker, where there are several
BUNDLE = GROUP // 2     # tasks that a group gives to another one at once
ALL = 1 << 30           # one broker for all ranks

Model = collections.namedtuple("Model", "name_us message latency nap group counts seed")


class Client:
    """What a broker knows of a rank, or of another broker."""
    def __init__(self):
        self.wanted = self.queued = False
        self.low = False        # it waits for tasks, though it may have some
        self.empty = False        # it has none
        self.given = self.got = 0       # messages with tasks, to it


class Rank(Client):
    """Goes through its names, depth first, and gives half of them when asked."""
    takes = 1

    def sleeps(self):
        """How long the agent of a rank that works doesn't look for messages."""
        return self.sim.rng.uniform(0, self.sim.model.nap)

    def __init__(self, sim):
        super().__init__()
        self.sim, self.broker = sim, None
        self.stack, self.left = [], 0
        self.since = self.each = 0.
        self.segment = 0

    def begin(self, tasks):
        """Receive a task: a level, and the number of names in it and below."""
        [(level, self.left)] = tasks
        self.stack = [level]
        self.got += 1
        self.go_on(self.sim.now)

    def go_on(self, since):
        self.since, self.each = since, self.sim.times.of(self.left)
        self.segment += 1
        self.sim.at(since + self.left * self.each, self.finished, self.segment)

    def finished(self, segment):
        if segment == self.segment:
            self.stack, self.left = [], 0
            self.sim.send(self.sim.now + self.sim.model.message, self.broker.hungry, self,
                          self.got)

    def want(self, tasks=None):
        """Somebody wants a half.  TASKS: we had nothing to give a name before."""
        passed = max(0, self.sim.now - self.since)
        names = int(passed / self.each) + 1 if self.left else 0
        if names >= self.left or tasks not in (None, self.got):
            return
        then = self.since + names * self.each
        self.advance(names)
        task, entries = self.half()
        if task is None:
            self.go_on(then)
            self.sim.at(then + self.each / 2, self.want, self.got)
            return
        then += self.sim.model.message + entries * NAME_BYTES * BYTE
        self.go_on(then)
        self.sim.gifts += 1
        self.sim.send(then, self.broker.receive, self, [task])

    def advance(self, names):
        """NAMES more are done."""
        self.left -= names
        while names > 0:
            level = self.stack[-1]
            if level.files > 0:
                done = min(names, level.files)
                level.files -= done
                names -= done
            elif not level.subs:
                self.stack.pop()
            elif level.subs[-1] <= names:
                names -= level.subs.pop()
            else:
                files, subs = self.sim.tree.directory(level.subs.pop())
                self.stack.append(Level(files, subs, False, level.depth + 1))
                names -= 1
        while self.stack and not self.stack[-1].files and not self.stack[-1].subs:
            self.stack.pop()

    def half(self):
        """A task of half of what is left, and its entries: subdirectories of the highest
        directory that has some, else names of the lowest; or None."""
        high = next((i for i, level in enumerate(self.stack) if level.subs), None)
        if high is not None:
            subs = self.stack[high].subs
            entries = min((len(subs) + 1) // 2, TASK_NAMES)
            given = Level(0, subs[:entries], True, self.stack[high].depth)
            del subs[:entries]
            names = sum(given.subs)
        else:
            high = len(self.stack) - 1
            entries = names = min((self.stack[high].files + 1) // 2, TASK_NAMES)
            given = Level(names, [], True, self.stack[high].depth)
            self.stack[high].files -= names
        if names == 0 or names == self.left:
            self.stack[high].subs[:0] = given.subs
            self.stack[high].files += given.files
            return None, 0
        self.left -= names
        for level in reversed(self.stack[:high + 1]):
            if level.shared:
                break
            level.shared = True
            self.sim.shared[level.depth] += 1
        return (given, names), entries


class Broker(Client):
    """Deals tasks out to its clients, one message after the other.  Below another one it
    is hungry when all of its clients are, and gives and takes several tasks at once."""
    takes = BUNDLE

    @staticmethod
    def sleeps():
        return 0

    def __init__(self, sim, upper, service):
        super().__init__()
        self.sim, self.broker, self.service = sim, upper, service
        self.free = self.spent = 0.
        self.waiting, self.ready = collections.deque(), collections.deque()
        self.pool = collections.deque()
        self.clients = self.active = self.wants = 0
        self.owes = self.said_low = self.said_empty = False

    def adopt(self, client):
        client.broker = self
        self.clients += 1
        self.active += 1

    def spend(self):
        """Handle one message; return when that is done."""
        self.free = max(self.free, self.sim.now) + self.service
        self.spent += self.service
        return self.free

    def is_ready(self, client):
        """CLIENT may be asked to give."""
        if not client.low and not client.queued:
            client.queued = True
            self.ready.append(client)

    def answered(self, client):
        self.wants -= client.wanted
        client.wanted = False

    def hungry(self, client, got, empty=True):
        """CLIENT, which GOT so many messages with tasks, has nothing left; or not much,
        unless EMPTY."""
        self.spend()
        self.answered(client)
        if got == client.given:
            if not client.low:
                self.waiting.append(client)
            client.low = True
            self.active -= empty and not client.empty
            client.empty = client.empty or empty
        self.deal()

    def receive(self, giver, tasks):
        """GIVER gives TASKS away."""
        self.spend()
        self.answered(giver)
        self.is_ready(giver)
        self.pool.extend(tasks)
        self.deal()

    def begin(self, tasks):
        """TASKS come from above."""
        self.spend()
        self.got += 1
        self.said_low = self.said_empty = False
        self.pool.extend(tasks)
        self.deal()

    def want(self):
        """Another group is hungry."""
        self.spend()
        self.owes = not self.said_low
        self.deal()

    def deal(self):
        """Give tasks to those that wait, and have others give some."""
        while self.waiting and self.pool and not self.owes:
            self.give(self.waiting.popleft())
        if self.waiting or self.owes:
            self.ask(BUNDLE - len(self.pool) if self.owes else WANTS)
        if self.owes and self.pool and (len(self.pool) >= BUNDLE or self.wants == 0):
            self.owes = False
            self.sim.send(self.spend(), self.broker.receive, self, self.some(BUNDLE))
            self.deal()
        elif not self.pool:
            self.look_up()
        if self.said_low and len(self.waiting) * 4 < self.clients:
            self.said_low = self.said_empty = False
            self.sim.send(self.spend(), self.broker.enough, self)

    def enough(self, client):
        """CLIENT has enough by itself."""
        self.spend()
        if client.low:
            self.waiting.remove(client)
            self.active += client.empty
            client.low = client.empty = False
            self.is_ready(client)
            self.deal()

    def some(self, count):
        return [self.pool.popleft() for _ in range(min(count, len(self.pool)))]

    def give(self, client):
        self.active += client.empty
        client.low = client.empty = False
        client.given += 1
        self.is_ready(client)
        self.sim.send(self.spend() + self.sim.model.message, client.begin,
                      self.some(client.takes))

    def ask(self, wish):
        """Have so many busy clients give."""
        while self.wants < wish and self.ready:
            client = self.ready.popleft()
            client.queued = False
            if not client.low and not client.wanted:
                client.wanted = True
                self.wants += 1
                self.sim.send(self.spend() + client.sleeps(), client.want)

    def look_up(self):
        """Nothing is left to deal out.  If most clients wait, have more from above."""
        if self.active == 0 and self.broker is None:
            self.sim.end = self.free
        elif self.active == 0 and not self.said_empty:
            self.say_low(True)
        elif self.broker and not self.said_low and len(self.waiting) * 2 > self.clients:
            self.say_low(False)

    def say_low(self, empty):
        self.owes, self.said_low, self.said_empty = False, True, empty
        self.sim.send(self.spend(), self.broker.hungry, self, self.got, empty)


class Simulation:
    """One copy of NAMES names by so many RANKS."""
    def __init__(self, model, ranks, names, tree=Tree):
        self.model = model
        self.rng = random.Random(model.seed)
        self.tree = tree(self.rng)
        self.times = NameTimes(model.name_us, self.rng)
        self.heap, self.order, self.now, self.end = [], itertools.count(), 0., 0.
        self.gifts, self.shared = 0, collections.Counter()
        groups = -(-ranks // model.group) if ranks > model.group else 1
        self.root = Broker(self, None, self.service(groups if groups > 1 else ranks))
        self.brokers = [self.root]
        if groups > 1:
            self.brokers = [Broker(self, self.root, self.service(model.group))
                            for _ in range(groups)]
            for broker in self.brokers:
                self.root.adopt(broker)
        for i in range(ranks):
            self.add(Rank(self), self.brokers[i % groups], names if i == 0 else 0)
        self.ranks = ranks

    def service(self, clients):
        """What a message takes a broker that is told counts by so many CLIENTS."""
        return self.model.message / (1 - min(.95, counting(clients, self.model)))

    def add(self, rank, broker, names):
        """RANK begins with NAMES names, or is hungry."""
        broker.adopt(rank)
        if names == 0:
            self.at(self.rng.uniform(0, 1000), broker.hungry, rank, 0)
            return
        files, subs = self.tree.directory(names)
        rank.begin([(Level(files, subs, False, 0), files + sum(subs))])
        rank.given = 1
        client = rank
        while client.broker is not None:
            client.broker.is_ready(client)
            client = client.broker

    def at(self, time, call, *args):
        heapq.heappush(self.heap, (time, next(self.order), call, args))

    def send(self, time, call, *args):
        self.at(time + self.model.latency, call, *args)

    def run(self):
        """Return when the root knows that all is done."""
        while self.heap:
            self.now, _, call, args = heapq.heappop(self.heap)
            call(*args)
        return self.end


def counting(clients, model):
    """The share of a processor that the counts of so many CLIENTS take a broker."""
    return model.counts * clients * model.message / 1e6
