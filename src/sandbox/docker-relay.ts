import type { Duplex } from 'node:stream'
import type { Container } from 'dockerode'
import { DATA, SOCKETS } from './docker-cluster.js'
import { asSocket, startInside } from './docker-program.js'

/** Connects to the server as soon as it lets in; the container has no network, so a program in it passes data on. */
export function dial(container: Container): Promise<Duplex> {
  const command = ['perl', '-e', RELAY, `${SOCKETS}/.s.PGSQL.5432`, `${DATA}/postmaster.pid`, String(START_SECONDS)]
  return asSocket((onOutput) => startInside(container, command, onOutput, true))
}

const START_SECONDS = 20

/**
 * Waits until the server has written that it is ready, as `pg_ctl` does, and copies both ways, each in a process of its
 * own. https://github.com/postgres/postgres/blob/master/src/include/utils/pidfile.h
 */
const RELAY = `
use strict;
use Socket;
my ($path, $status, $seconds) = @ARGV;
sub ready {
  open(my $file, '<', $status) or return 0;
  my @lines = <$file>;
  return ($lines[7] // '') =~ /^ready/;
}
for (my $left = $seconds * 100; !ready(); $left--) {
  die "the server is not ready after $seconds s\\n" unless $left;
  select(undef, undef, undef, 0.01);
}
socket(my $server, PF_UNIX, SOCK_STREAM, 0) or die "$!\\n";
connect($server, pack_sockaddr_un($path)) or die "$!\\n";
sub pass {
  my ($from, $to) = @_;
  while (sysread($from, my $bytes, 65536)) {
    for (my $at = 0; $at < length $bytes; ) {
      $at += syswrite($to, $bytes, length($bytes) - $at, $at) // return;
    }
  }
}
my $sender = fork() // die "$!\\n";
if ($sender) { pass($server, *STDOUT); kill 'KILL', $sender; }
else { pass(*STDIN, $server); shutdown($server, 1); }
`
