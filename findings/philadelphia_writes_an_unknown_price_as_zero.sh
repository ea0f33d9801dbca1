#!/usr/bin/env bash
# A value of a FIX message of philadelphia 2.0.0 that is set to NaN, a price that is not known, is written as 0.00: it is
# rounded to a whole number of cents first, and Java rounds NaN to 0. The 1.8e308 by which TWS says "not set" is written as
# a price of 92 quadrillion. Both are well formed, and read by the other side as they stand; nothing is raised.
# Guessed: what is no number is refused.
# Java 11 or later, and Maven. Output seen, of a price (tag 44) with two decimals:
#   25.125: 44=25.13; not known: 44=0.00; not set: 44=92233720368547758.07
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
      <groupId>com.paritytrading.philadelphia</groupId>
      <artifactId>philadelphia-core</artifactId>
      <version>2.0.0</version>
    </dependency>
  </dependencies>
</project>
XML
cat >Seen.java <<'JAVA'
import com.paritytrading.philadelphia.FIXMessage;

public class Seen {
    private static final int PRICE = 44;

    private static String written(double price) {
        FIXMessage order = new FIXMessage(8, 64);
        order.addField(PRICE).setFloat(price, 2);
        return PRICE + "=" + order.valueOf(PRICE).asString();
    }

    public static void main(String[] arguments) {
        String seen = "25.125: " + written(25.125) + "; not known: " + written(Double.NaN) + "; not set: "
                + written(Double.MAX_VALUE);
        System.out.println(seen);
        if (!seen.equals("25.125: 44=25.13; not known: 44=0.00; not set: 44=92233720368547758.07")) {
            System.exit(1);
        }
    }
}
JAVA
mvn --quiet --batch-mode -Dmaven.repo.local="$folder/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/jars"
java -cp "$folder/jars/*" Seen.java
