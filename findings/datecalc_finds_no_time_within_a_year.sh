#!/usr/bin/env bash
# yearDiff of datecalc 1.4.8 (net.objectlab.kit) by ACT/ACT is zero wherever both dates are in one year: a dividend accrues
# nothing from the 15th of February to the 15th of May, and from the 15th of November to the 15th of February, over the end
# of the year, it is right. dayDiff by ACT/ACT has the 89 days, and every other basis its part of a year.
# Guessed: 89 of 365 days.
# Java 11 or later, and Maven. Output seen: "02-15 to 05-15: 89 days, 0.0000 years; 11-15 to 02-15: 92 days, 0.2521 years;
# 02-15 to 05-15 by ACT/365: 0.2438 years".
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
      <groupId>net.objectlab.kit</groupId>
      <artifactId>datecalc-jdk8</artifactId>
      <version>1.4.8</version>
    </dependency>
  </dependencies>
</project>
XML
cat >Seen.java <<'JAVA'
import java.time.LocalDate;
import java.util.Locale;
import net.objectlab.kit.datecalc.common.PeriodCountBasis;
import net.objectlab.kit.datecalc.common.PeriodCountCalculator;
import net.objectlab.kit.datecalc.jdk8.LocalDatePeriodCountCalculator;

public class Seen {
    public static void main(String[] arguments) {
        PeriodCountCalculator<LocalDate> calculator = new LocalDatePeriodCountCalculator();
        LocalDate february = LocalDate.of(2026, 2, 15);
        LocalDate may = LocalDate.of(2026, 5, 15);
        LocalDate november = LocalDate.of(2026, 11, 15);
        LocalDate next = LocalDate.of(2027, 2, 15);
        PeriodCountBasis basis = PeriodCountBasis.ACT_ACT;
        String seen = String.format(Locale.ROOT,
            "02-15 to 05-15: %d days, %.4f years; 11-15 to 02-15: %d days, %.4f years; "
                + "02-15 to 05-15 by ACT/365: %.4f years",
            calculator.dayDiff(february, may, basis), calculator.yearDiff(february, may, basis),
            calculator.dayDiff(november, next, basis), calculator.yearDiff(november, next, basis),
            calculator.yearDiff(february, may, PeriodCountBasis.ACT_365));
        System.out.println(seen);
        if (!seen.equals("02-15 to 05-15: 89 days, 0.0000 years; 11-15 to 02-15: 92 days, 0.2521 years; "
                + "02-15 to 05-15 by ACT/365: 0.2438 years")) {
            System.exit(1);
        }
    }
}
JAVA
mvn --quiet --batch-mode -Dmaven.repo.local="$folder/repository" \
  org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$folder/jars"
java -cp "$folder/jars/*" Seen.java
