import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAMS = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol'];
const PATH = `${process.env.PATH ?? ''}${delimiter}/usr/sbin`;

/** Whether Debian's slurmctld, slurmd, slurm-client and munge are here, and this user can start them. */
export const hasSlurm =
  process.getuid?.() === 0 &&
  PROGRAMS.every((name) => spawnSync('which', [name], { env: { PATH } }).status === 0);

/** A cluster of one node in a folder, without a service of the system. */
export interface Slurm {
  readonly conf: string;
  readonly killController: () => Promise<void>;
  readonly startController: () => void;
  readonly killNode: () => Promise<void>;
  readonly startNode: () => void;
  readonly stop: () => Promise<void>;
}

/** Starts a cluster with so many slots, and waits until it takes tasks. */
export async function startSlurm(folder: string, slots: number): Promise<Slurm> {
  for (const name of ['run', 'state', 'spool', 'log']) mkdirSync(join(folder, name));
  chmodSync(folder, 0o755);
  const key = join(folder, 'munge.key');
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, await configuration(folder, slots));
  const start = (name: string, ...args: readonly string[]): ChildProcess => {
    const log = openSync(join(folder, `log/${name}.out`), 'a');
    const env = { ...process.env, PATH, SLURM_CONF: conf };
    return spawn(name, args, { env, stdio: ['ignore', log, log], detached: true });
  };
  const socket = join(folder, 'run/munge.socket');
  const files = ['pid', 'log', 'seed'].map((kind) => `--${kind}-file=${folder}/run/munge.${kind}`);
  const munged = start(
    'munged',
    '--foreground',
    `--key-file=${key}`,
    `--socket=${socket}`,
    ...files,
  );
  await until(() => spawnSync('munge', ['-n', '-S', socket]).status === 0, munged);
  let controller: ChildProcess | null = null;
  let node: ChildProcess | null = null;
  const startController = () => {
    controller = start('slurmctld', '-D');
  };
  const startNode = () => {
    node = start('slurmd', '-D', '-N', hostname().split('.')[0] as string);
  };
  startController();
  startNode();
  const env = { ...process.env, PATH, SLURM_CONF: conf };
  const idle = () => {
    const { stdout } = spawnSync('sinfo', ['-h', '-o', '%T'], { env, encoding: 'utf8' });
    return /idle|mixed|alloc/.test(stdout);
  };
  await until(idle, controller as unknown as ChildProcess);
  return {
    conf,
    startController,
    startNode,
    killController: () => ended(controller, 'SIGKILL'),
    killNode: () => ended(node, 'SIGKILL'),
    stop: async () => {
      for (const one of [node, controller, munged]) await ended(one, 'SIGTERM');
    },
  };
}

async function configuration(folder: string, slots: number): Promise<string> {
  const host = hostname().split('.')[0];
  const user = userInfo().username;
  // no number is given twice, also where the controller was killed before it wrote its state
  const first = (Math.floor(Date.now() / 1000) % 60_000_000) + 1;
  return `ClusterName=one
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
AuthInfo=socket=${folder}/run/munge.socket
CredType=cred/munge
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/run/slurmctld.pid
SlurmdPidFile=${folder}/run/slurmd.pid
SlurmctldLogFile=${folder}/log/slurmctld.log
SlurmdLogFile=${folder}/log/slurmd.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerParameters=batch_sched_delay=0,sched_min_interval=20000,sched_interval=2,bf_interval=1,default_queue_depth=200
MaxArraySize=10001
MinJobAge=3600
ReturnToService=2
SlurmdTimeout=15
SlurmctldTimeout=15
KillWait=2
JobRequeue=0
FirstJobId=${first}
MailProg=/bin/true
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${slots} RealMemory=64000 State=UNKNOWN
PartitionName=main Nodes=${host} Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
`;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function ended(child: ChildProcess | null, signal: NodeJS.Signals): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** @throws Error where the program that is waited for has ended */
async function until(holds: () => boolean, child: ChildProcess): Promise<void> {
  while (!holds()) {
    if (child.exitCode !== null) throw new Error(`${child.spawnfile} ended: see its log`);
    await sleep(100);
  }
}
