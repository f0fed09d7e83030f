/** Calls that the 32-bit `socketcall` and `ipc` stand for, by a0. Source: linux/net.h, linux/ipc.h. */
export const MULTIPLEXED: Readonly<Record<string, ReadonlyMap<number, string>>> = {
  socketcall: new Map(
    [
      'socket bind connect listen accept getsockname getpeername socketpair send recv sendto recvfrom shutdown',
      'setsockopt getsockopt sendmsg recvmsg accept4 recvmmsg sendmmsg',
    ]
      .join(' ')
      .split(' ')
      .map((name, i) => [i + 1, name]),
  ),
  ipc: new Map([
    [1, 'semop'],
    [2, 'semget'],
    [3, 'semctl'],
    [4, 'semtimedop'],
    [11, 'msgsnd'],
    [12, 'msgrcv'],
    [13, 'msgget'],
    [14, 'msgctl'],
    [21, 'shmat'],
    [22, 'shmdt'],
    [23, 'shmget'],
    [24, 'shmctl'],
  ]),
}
