#!/usr/bin/env bash
# OFX tells a zone as hours from UTC, from +12 to -12, or from +12.00 to -12.00 for parts of an hour, and its plus may be
# left out (OFX 1.6, 3.2.8.2). ofx4j 1.39 knows whole hours with a sign: of [-5:EST] it makes the right moment, of
# [-5.00:EST] and of [1:CET] it makes UTC without a word, so that a fill of 10:15 in New York is told five hours early.
# Guessed: one moment, however its zone is written, or an error that names the zone.
# Java 11 or later, and Maven. Output seen: "[-5:EST] 2026-11-27T15:15:30Z; [-5.00:EST] 2026-11-27T10:15:30Z; [+1:CET]
# 2026-11-27T09:15:30Z; [1:CET] 2026-11-27T10:15:30Z".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>seen</groupId>
  <artifactId>seen</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>com.webcohesion.ofx4j</groupId>
      <artifactId>ofx4j</artifactId>
      <version>1.39</version>
    </dependency>
  </dependencies>
</project>
XML
cat >Seen.java <<'JAVA'
import com.webcohesion.ofx4j.io.DefaultStringConversion;
import com.webcohesion.ofx4j.io.OFXSyntaxException;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

public class Seen {
    private static String read(String zone) throws OFXSyntaxException {
        Date moment = new DefaultStringConversion().fromString(Date.class, "20261127101530" + zone);
        return zone + " " + moment.toInstant();
    }

    public static void main(String[] arguments) throws OFXSyntaxException {
        List<String> read = new ArrayList<>();
        for (String zone : new String[] {"[-5:EST]", "[-5.00:EST]", "[+1:CET]", "[1:CET]"}) {
            read.add(read(zone));
        }
        String seen = String.join("; ", read);
        System.out.println(seen);
        if (!seen.equals("[-5:EST] 2026-11-27T15:15:30Z; [-5.00:EST] 2026-11-27T10:15:30Z; "
                + "[+1:CET] 2026-11-27T09:15:30Z; [1:CET] 2026-11-27T10:15:30Z")) {
            System.exit(1);
        }
    }
}
JAVA
mvn --quiet --batch-mode -Dmaven.repo.local="$folder/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/jars"
java -cp "$folder/jars/*" Seen.java
